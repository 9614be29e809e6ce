"""A busy machine: what still works is waited for, what has ended is told at once, and nobody pays."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from jupyter_client import BlockingKernelClient
from jupyter_core.utils import run_sync
from nbformat.v4 import new_code_cell, new_notebook

from autograder import fork_server
from autograder.fork_server import WARM, ForkServer, running
from autograder.grading import execution
from autograder.grading.execution import PLACES, SandboxedExecute, ensure_sandbox
from autograder.judge.door import Door
from autograder.judge.fork import Fork
from autograder.judge.forks import Forks
from autograder.judge.verdict import OutOfTime
from autograder.sandbox import FORKS, lease, patience
from autograder.sandbox.lease import Lease, NoIsolation, SandboxError
from autograder.sandbox.limits import Limits
from autograder.sandbox.manager import SandboxManager
from autograder.sandbox.patience import Patience
from autograder.submission.files import archive

TRIAL = "tests.autograder.trial_server"
BUSY = "Waiting for a sandbox: the machine is busy."
CORE = min(os.sched_getaffinity(0))
LOOP = f"import os\nos.sched_setaffinity(0, {{{CORE}}})\nwhile True: pass"
PINNED = f"import os, time\nos.sched_setaffinity(0, {{{CORE}}})\n"
WORKS = "end = time.process_time() + 1\nwhile time.process_time() < end: pass\n"
SLEEPS = "while True: time.sleep(60)"


def children(parent: int) -> set[int]:
    """Return the processes that ``parent`` has started and that still live."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.add(int(path.parent.name))
    return found


def descendants(parent: int) -> set[int]:
    """Return the processes that ``parent`` has started, and those that these have."""
    below = children(parent)
    return below.union(*map(descendants, below))


def servers() -> set[int]:
    """Return all servers of this process: the warm one is among them."""
    return set().union(*map(children, children(os.getpid())))


def state(pid: int) -> str:
    """Return what a process does now: ``Z`` when it has ended."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def inner_pid(pid: int) -> int:
    """Return the number that a process has in its own namespace."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("NSpid:")).split()[-1])


@contextmanager
def started(server, limits=None):
    """Start one sandbox, and end it."""
    manager = SandboxManager()
    run_sync(manager.start_kernel)(
        files=archive([]), env=PLACES, limits=limits or Limits(), address=server.address
    )
    yield manager
    run_sync(manager.shutdown_kernel)(now=True)


def test_a_warm_process_that_stands_still_for_long_is_waited_for(monkeypatch, caplog):
    with started(running(WARM)):  # it has imported
        caplog.clear()
    monkeypatch.setattr(fork_server, "SILENCE", 0.1)
    stopped = servers()
    for each in stopped:
        os.kill(each, signal.SIGSTOP)

    def go_on():
        for each in stopped:
            os.kill(each, signal.SIGCONT)

    threading.Timer(2, go_on).start()
    with started(running(WARM)):
        assert "on a busy machine that takes a while" in caplog.text


def test_a_warm_process_that_was_killed_is_told_at_once_and_the_machine_is_not_blamed(monkeypatch):
    server = ForkServer(TRIAL, "0")
    server.close()
    monkeypatch.setattr(execution, "running", lambda module: server)
    with pytest.raises(SandboxError, match="is gone: it was ended .* memory .* again") as told:
        ensure_sandbox.__wrapped__()
    assert "namespaces" not in str(told.value) and "--unsafe" not in str(told.value)


def test_what_a_warm_process_cannot_import_is_told_with_the_way_out(monkeypatch):
    monkeypatch.setattr(execution, "running", lambda module: running(TRIAL, "no number"))
    with pytest.raises(NoIsolation, match="ValueError: could not .* libseccomp .* --unsafe"):
        ensure_sandbox.__wrapped__()


@pytest.fixture
def line():
    """A lease, and the other end of its line."""
    ours, theirs = socket.socketpair()
    yield Lease(ours), theirs
    ours.close()
    theirs.close()


def says(theirs, seconds=0.0, **fields):
    """Have the other end say something, after some seconds."""
    text = json.dumps(fields).encode() + b"\n"
    threading.Timer(seconds, theirs.sendall, (text,)).start()


def test_a_sandbox_that_takes_long_to_start_is_waited_for(line, monkeypatch, caplog):
    monkeypatch.setattr(lease, "SILENCE", 0.1)
    held, theirs = line
    says(theirs, 0.5, ready=True)
    with caplog.at_level(logging.WARNING):
        held.wait_for_start()
    assert BUSY in caplog.text


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"failed": "unshare: No space left on device", "lasting": True}, NoIsolation),
        ({"failed": "fork: Cannot allocate memory", "lasting": False}, SandboxError),
        ({}, SandboxError),
    ],
    ids=["refused", "no memory", "killed"],
)
def test_why_a_sandbox_does_not_start_is_told_at_once(line, fields, error):
    held, theirs = line
    says(theirs, **fields) if fields else theirs.close()
    with pytest.raises(SandboxError, match=fields.get("failed", "ended from outside")) as told:
        held.wait_for_start()
    assert type(told.value) is error


def test_process_1_of_a_sandbox_may_take_long_to_answer(line):
    """An interrupt that nobody waited for would meet a later cell."""
    held, theirs = line
    says(theirs, 2.5, used={"cpu": 1.5})
    assert held.used() == {"cpu": 1.5}
    theirs.close()
    assert held.waited() == 0 and held.ended == "it was ended from outside"


ASKING = (Lease.waited, Lease.used, Lease.interrupt, Lease.new_cell, Lease.poll)


@pytest.mark.parametrize("ask", ASKING, ids=lambda ask: ask.__name__)
def test_which_limit_ended_a_sandbox_is_told_to_who_asks_something_else_meanwhile(line, ask):
    held, theirs = line
    theirs.sendall(json.dumps({"ended": "it used more", "cpu": 4.0}).encode() + b"\n")
    theirs.close()
    ask(held)
    assert held.poll() == "it used more" and held.used() == {"cpu": 4.0}


def test_whenever_a_limit_ends_a_sandbox_it_is_told_which():
    for number in range(200):
        ours, theirs = socket.socketpair()
        held = Lease(ours)

        def end(theirs=theirs, number=number):
            for _ in range(number):
                theirs.sendall(b'{"waited": 0.0}\n')
            theirs.sendall(b'{"ended": "it used more"}\n')
            theirs.close()

        ending = threading.Thread(target=end)
        ending.start()
        while held.ended is None:
            held.waited()
        ending.join()
        ours.close()
        assert held.ended == "it used more"


def test_a_limit_that_the_system_held_first_is_told_as_the_limit():
    """Process 1 has no time to look, and the kernel is killed at the system's own bound."""
    with started(running(WARM), Limits(notebook_cpu=2)) as manager:
        client = BlockingKernelClient(connection_file=manager.connection_file)
        client.load_connection_file()
        client.start_channels()
        client.wait_for_ready(timeout=60)
        (first,) = (each for each in descendants(os.getpid()) if inner_pid(each) == 1)
        (kernel,) = children(first)
        os.kill(first, signal.SIGSTOP)
        client.execute("while True: pass")
        while state(kernel) != "Z":
            time.sleep(0.1)
        os.kill(first, signal.SIGCONT)
        while manager.lease.poll() is None:
            time.sleep(0.02)
        assert manager.lease.ended == "the notebook used more than 2 s of processor time"
        client.stop_channels()


def test_time_in_which_a_sandbox_waits_does_not_count_up_to_a_bound(monkeypatch):
    now, waits = [100.0], [0.0]
    monkeypatch.setattr(patience.time, "monotonic", lambda: now[0])
    limit = Patience(10, lambda: waits[0])
    now[0] += 4
    assert limit.left() == 6
    now[0] += 6
    waits[0] = 5.0
    assert limit.left() == 5
    now[0] += 5
    waits[0] = 0.0
    assert limit.left() == 0 and limit.spent() == 10
    waits[0] = 1000.0
    assert limit.left() == 25
    now[0] += 25
    assert limit.left() == 0


@pytest.fixture(scope="module")
def crowded():
    """A core that two others want as well."""
    loops = [
        subprocess.Popen([sys.executable, "-c", LOOP], start_new_session=True) for _ in range(2)
    ]
    yield
    for each in loops:
        each.kill()
        each.wait()


def test_a_cell_has_its_time_also_on_a_crowded_core_and_a_hanging_one_no_more(crowded):
    sources = (PINNED, f"{WORKS}print('done')", SLEEPS)
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    began = time.monotonic()
    notebook, _ = SandboxedExecute(timeout=2).preprocess(notebook, {})
    assert [
        [each.get("ename", each.get("text")) for each in cell.outputs] for cell in notebook.cells
    ] == [[], ["done\n"], ["KeyboardInterrupt", "CellTimeoutError"]]
    assert time.monotonic() - began > 4  # each of the last two cells took two seconds and more


def test_a_function_has_its_time_also_on_a_crowded_core_and_a_hanging_one_no_more(crowded):
    with started(running(WARM)) as manager:
        client = BlockingKernelClient(connection_file=manager.connection_file)
        client.load_connection_file()
        client.start_channels()
        client.wait_for_ready(timeout=60)

        def run(code="", **wanted):
            return client.execute(code, reply=True, timeout=60, user_expressions=wanted)

        run(f"{PINNED}def works():\n    " + WORKS.replace("\n", "\n    ") + "\n    return 'done'")
        run(f"def sleeps():\n    {SLEEPS}")
        address = manager.provisioner.forks
        forks = Forks(lambda text: run(pid=text), manager.lease.waited, address, FORKS)
        door = Door(lambda: Fork(**forks.take()), forks.waited, seconds=2, patience=5)
        asked = {"op": "call", "arguments": []}
        for _ in range(2):  # all together they take longer than the patience
            assert door.ask({**asked, "name": "works"})["value"] == "done"
        with pytest.raises(OutOfTime, match="took more than 2 s"):
            door.ask({**asked, "name": "sleeps"})
        client.stop_channels()
