"""The sandbox, with real kernels in it: what they see, what they may use, and how they end."""

import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from jupyter_client import BlockingKernelClient
from jupyter_core.utils import run_sync
from traitlets import TraitError

from autograder.fork_server import WARM, ForkServer, running
from autograder.grading import execution
from autograder.grading.execution import PLACES, SandboxedExecute, ensure_sandbox
from autograder.sandbox import cgroup
from autograder.sandbox.lease import NoIsolation, SandboxError
from autograder.sandbox.limits import MIB, Limits
from autograder.sandbox.manager import SandboxManager
from autograder.submission.files import archive

ROOT = Path(__file__).resolve().parents[3]


class Sandbox:
    """A kernel in a sandbox: ``run`` a cell, and read what it printed or the error's name."""

    def __init__(self, manager):
        self.lease = manager.lease
        self.client = BlockingKernelClient()
        self.client.load_connection_file(manager.connection_file)
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def run(self, code, timeout=120):
        said = []

        def hear(message):
            content = message["content"]
            said.append(content.get("text") or content.get("ename") or "")

        self.lease.new_cell()
        self.client.execute_interactive(code, timeout=timeout, output_hook=hear)
        return "".join(said).strip()

    def ended(self, code, seconds=120):
        """Run code that shall end the sandbox; return how it ended."""
        self.lease.new_cell()
        self.client.execute(code)
        deadline = time.monotonic() + seconds
        while self.lease.ended is None and time.monotonic() < deadline:
            time.sleep(0.02)
            self.lease.waited()  # as who runs cells asks, also while it ends
        return self.lease.ended


@contextmanager
def sandbox(limits=None, files=(), address=None):
    manager = SandboxManager()
    run_sync(manager.start_kernel)(
        files=archive(files),
        env=PLACES,
        limits=limits or Limits(),
        address=address or running(WARM).address,
    )
    inside = Sandbox(manager)
    try:
        yield inside
    finally:
        inside.client.stop_channels()
        run_sync(manager.shutdown_kernel)(now=True)


@pytest.fixture(scope="module")
def plain():
    """One sandbox for all tests that leave it as it was."""
    with sandbox() as inside:
        inside.run("import os, sys")
        yield inside


def test_the_kernel_is_warm_and_has_no_privilege(plain):
    assert plain.run("import sys; print({'torch', 'torchvision', 'lrlab'} <= set(sys.modules))")
    status = plain.run("print(open('/proc/self/status').read())")
    fields = dict(line.split(":\t") for line in status.splitlines() if ":\t" in line)
    assert set(fields["CapEff"] + fields["CapPrm"] + fields["CapBnd"]) == {"0"}
    assert (fields["NoNewPrivs"], fields["Seccomp"]) == ("1", "2")
    assert fields["Uid"].split() == ["1000"] * 4
    assert plain.run("import os; print(os.getpid(), os.getppid())") == "2 1"


def test_nothing_of_the_course_is_in_sight(plain, tmp_path):
    (tmp_path / "canary").write_text("secret")
    seen = plain.run(
        "print([path for path in PATHS if os.path.exists(path)])".replace(
            "PATHS", repr([str(ROOT / "solutions"), str(ROOT / "autograder"), str(tmp_path)])
        )
    )
    assert seen == "[]"
    assert plain.run("print(sorted(m for m in sys.modules if 'autograder' in m))") == "[]"
    names = plain.run("print(sorted(os.environ))")
    assert "LRLAB_CANARY" not in names and "SSH" not in names
    assert plain.run("print(sorted(p for p in os.listdir('/proc') if p.isdigit()))") == "['1', '2']"
    assert plain.run("print(os.listdir('/proc/1/fd'))") == "PermissionError"
    assert plain.run("print(sorted(os.listdir('/sys')))") == "FileNotFoundError"


@pytest.mark.parametrize("path", ["/usr/x", "/etc/passwd", "/x", sys.prefix + "/x", "/proc/1/mem"])
def test_only_the_scratch_disk_can_be_written(plain, path):
    assert plain.run(f"open({path!r}, 'w')") in ("OSError", "PermissionError")
    assert plain.run("open('mine', 'w').write('x'); open('/tmp/mine', 'w').write('x')") == ""


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('192.0.2.1', 9), 2)",  # no route leads anywhere
        "import socket; socket.socket(40)",  # a virtual machine's way to its host
        "import ctypes; assert ctypes.CDLL(None).unshare(0x10000000) == 0",
        "import ctypes; assert ctypes.CDLL(None).ptrace(16, 1, 0, 0) == 0",
        "import ctypes; assert ctypes.CDLL(None).mount(b'x', b'/tmp', b'tmpfs', 0, 0) == 0",
        "import os; os.kill(1, 9); assert not os.path.exists('/proc/1')",
        "import os; os.setuid(0)",
        "import os; os.chroot('/tmp')",
    ],
)
def test_no_way_out(plain, code):
    assert plain.run(code) in ("OSError", "PermissionError", "AssertionError")
    assert plain.run("print('still here')") == "still here"


def test_the_students_files_are_there_and_nothing_else():
    with sandbox(files=[("data/mine.txt", b"my text")]) as inside:
        assert inside.run("import os; print(sorted(os.listdir()), os.getcwd())") == (
            "['data'] /home/student"
        )
        assert inside.run("print(open('data/mine.txt').read())") == "my text"


SMALL = Limits(
    memory=1500 * MIB, disk=8 * MIB, file_size=4 * MIB, files=150, processes=40, open_files=120
)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("b = bytearray(2_000_000_000)", "MemoryError"),
        ("import torch; torch.ones(600_000_000)", "RuntimeError"),
        ("open('big', 'wb').write(bytes(6_000_000))", "OSError"),
        ("for i in range(3): open(f'part{i}', 'wb').write(bytes(3_500_000))", "OSError"),
        ("for i in range(300): open(f'tiny{i}', 'w')", "OSError"),
        ("kept = [open('/dev/null') for i in range(300)]", "OSError"),
        ("import os\nfor i in range(60):\n    if os.fork() == 0: os._exit(os.system('sleep 9'))",
         "BlockingIOError"),
    ],
)  # fmt: skip
def test_a_limit_is_an_error_where_it_can_be(code, error):
    with sandbox(SMALL) as inside:
        assert error in inside.run(code)
        assert inside.run("print('still here')") == "still here"


MANY = """
import os, time
for each in range(4):
    if os.fork() == 0:
        kept = bytearray(os.urandom(2**20)) * 500
        time.sleep(60)
"""
BURN = "import os\nfor each in range(3): os.fork()\nwhile True: pass"


@pytest.mark.parametrize(
    ("limits", "code", "reason"),
    [
        (replace(Limits(), memory=2000 * MIB), MANY, "more than 2000 MiB of memory"),
        (replace(Limits(), cell_cpu=2), BURN, "one cell used more than 2 s of processor time"),
        (replace(Limits(), notebook_cpu=2), BURN, "notebook used more than 2 s of processor time"),
        (replace(Limits(), notebook_seconds=3), "import time; time.sleep(60)", "for more than 3 s"),
        (Limits(), "import os; os._exit(3)", "exit status 3"),
        (Limits(), "import os; os.kill(os.getpid(), 9)", "signal 9"),
    ],
)
def test_what_ends_a_sandbox_is_said(limits, code, reason):
    with sandbox(limits) as inside:
        assert reason in inside.ended(code)


def test_a_control_group_tells_that_the_system_ended_a_process(tmp_path, monkeypatch):
    monkeypatch.setattr(cgroup, "_parents", lambda: [(2, tmp_path)])
    group = cgroup.ControlGroup("x", Limits())
    events = tmp_path / f"{cgroup.PREFIX}x" / "memory.events"
    events.write_text("max 7\noom 1\noom_kill 0\n")
    group.join()
    assert not group.has_ended_one()
    events.write_text("max 9\noom 2\noom_kill 1\noom_group_kill 0\n")
    assert group.has_ended_one()


def processes(word):
    """Return the ids of processes on this machine whose memory or arguments hold ``word``."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and word in (folder / "cmdline").read_bytes().decode(
                errors="replace"
            ):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def becomes(alive, word, seconds=60):
    """Return whether some process with ``word`` lives, or none, within some seconds."""
    deadline = time.monotonic() + seconds
    while bool(processes(word)) != alive and time.monotonic() < deadline:
        time.sleep(0.1)
    return bool(processes(word)) == alive


DAEMON = "import os, subprocess; subprocess.Popen(['sleep', '{}'], start_new_session=True)"


def test_nothing_outlives_its_grader():
    with sandbox() as inside:
        assert inside.run(DAEMON.format("98761")) == ""
        assert becomes(True, "98761")
    assert becomes(False, "98761")


def test_nothing_outlives_the_warm_process():
    server = ForkServer(WARM)
    with sandbox(address=server.address) as inside:
        assert inside.run(DAEMON.format("98762")) == ""
        assert becomes(True, "98762")
        server.close()
        assert becomes(False, "98762")
        assert inside.lease.poll() == "it was ended from outside"


def test_what_was_used_is_told(plain):
    before = plain.lease.used()
    plain.run("import time; end = time.process_time() + 0.5\nwhile time.process_time() < end: pass")
    after = plain.lease.used()
    assert 0.4 < after["cpu"] - before["cpu"] < 5
    assert after["seconds"] > before["seconds"] and after["memory"] > 100 * MIB


def test_a_mac_is_told_why_and_what_to_do(monkeypatch):
    monkeypatch.setattr(execution.sys, "platform", "darwin")
    with pytest.raises(NoIsolation, match="it needs Linux, and this is darwin.*--unsafe"):
        ensure_sandbox.__wrapped__()


def test_a_machine_without_namespaces_is_told_why_and_what_to_do():
    code = (
        "from autograder.grading.validation import Validator\n"
        'Validator().validate_and_print("exercises/lr01_first_step/lr01_first_step.ipynb")'
    )
    locked = f"echo 0 > /proc/sys/user/max_user_namespaces && exec {sys.executable} -c '{code}'"
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "sh", "-c", locked],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 1
    assert "unshare:" in done.stderr and "kernel.unprivileged_userns_clone=1" in done.stderr
    assert "Traceback" not in done.stderr


NO_LIBRARY = "raise RuntimeError('Unable to find libseccomp')"
KILLED = "import os, signal\ndef ERRNO(code): os.kill(os.getpid(), signal.SIGKILL)"


@pytest.mark.parametrize(
    ("pyseccomp", "reason"),
    [
        (NO_LIBRARY, "RuntimeError: Unable to find libseccomp (pyseccomp.py, line 1)"),
        ("", "AttributeError: module 'pyseccomp' has no attribute 'ERRNO' (inside.py, line 1)"),
        (KILLED, "signal 9"),
    ],
    ids=["when it is imported", "when it is used", "when it is killed"],
)
def test_what_fails_while_a_sandbox_starts_is_told_by_its_own_error(
    other_modules, capfd, pyseccomp, reason
):
    other_modules(torch="raise ModuleNotFoundError", pyseccomp=pyseccomp)
    server = ForkServer(WARM)
    with pytest.raises(SandboxError) as raised, sandbox(address=server.address):
        pass
    told = re.sub(r"line \d+", "line 1", str(raised.value))
    where = (
        "the warm process does not answer"
        if "raise" in pyseccomp
        else "no kernel starts in the sandbox"
    )
    assert f"{where}: {reason}" in told
    assert isinstance(raised.value, NoIsolation) == (pyseccomp != KILLED)
    assert "Traceback" not in capfd.readouterr().err


def test_what_is_a_link_to_another_disk_is_there(other_modules, tmp_path, monkeypatch):
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "images").write_text("all of them")
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    monkeypatch.setenv("LRLAB_DATA", str(tmp_path / "link"))
    other_modules(torch="raise ModuleNotFoundError")
    server = ForkServer(WARM)
    with sandbox(address=server.address) as inside:
        path = str(tmp_path / "link" / "images")
        assert inside.run(f"print(open({path!r}).read())") == "all of them"


def test_a_control_group_holds_the_sandbox_where_one_can_be_had():
    with sandbox(SMALL) as inside:
        assert inside.run("print('still here')") == "still here"
        mine = [folder for _, folder in cgroup._parents() if list(folder.glob("sandbox-*"))]
        if not mine:
            pytest.skip("this machine lets nobody make a control group here")
        bounds = [
            (group / file).read_text().strip()
            for folder in mine
            for group in folder.glob("sandbox-*")
            for file in ("memory.max", "memory.limit_in_bytes", "pids.max")
            if (group / file).exists() and (group / "cgroup.procs").read_text().split()
        ]
        assert "40" in bounds and str(SMALL.memory + SMALL.disk) in bounds


def test_a_limit_that_does_not_exist_is_refused():
    with pytest.raises(TraitError, match="no such limit: memroy .*memory"):
        SandboxedExecute(limits={"memroy": 1})
