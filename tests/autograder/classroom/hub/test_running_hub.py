"""A hub that runs: servers are kept apart and within bounds, and who may come in and open what.

What a student must not do is tried from inside a student's server.
"""

import os
import pwd
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from hub import Kernel, Refused, until
from running_hub import MEMORY, PROCESSES, RunningHub, running, told

from autograder import ROOT
from autograder.classroom.accounts import account
from autograder.classroom.hub import limits


@pytest.fixture(scope="module")
def hub(tmp_path_factory) -> Iterator[RunningHub]:
    if os.geteuid() != 0:
        pytest.skip("Accounts and views need root: run the tests as root, as in a container.")
    with running(tmp_path_factory.mktemp("hub") / "class") as made:
        yield made


@pytest.fixture(scope="module")
def ada(hub) -> Iterator[Kernel]:
    """A kernel on a student's server."""
    with hub.person("ada").start().kernel() as kernel:
        yield kernel


READ = """
import json, os
found = {}
for path in %s:
    try:
        if os.path.isdir(path):
            found[path] = os.listdir(path)
        else:
            found[path] = open(path, "rb").read().decode(errors="replace")
    except OSError:
        found[path] = None
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def secrets(hub) -> list[str]:
    """Return what a student must not read, all of which is there: with rights as they come."""
    bo = Path(pwd.getpwnam(account(hub.name("bo"))).pw_dir)
    course = hub.folder / "courses" / "one"
    made = [bo / "work.ipynb", course / "gradebook.db", course / "solutions" / "master.ipynb"]
    for path in made:
        path.parent.mkdir(exist_ok=True)
        path.write_text("a secret")
        path.chmod(0o644)
    state = [
        hub.folder / "state" / each for each in ("hub.sqlite", "passwords.json", "proxy_token")
    ]
    checkout = [ROOT / "solutions", ROOT / "autograder" / "checks", ROOT / "nbgrader_config.py"]
    paths = [*made, *state, *checkout, hub.file, bo, course]
    assert all(path.exists() for path in paths)
    return list(map(str, paths))


def test_a_student_reads_nothing_of_others_the_course_or_the_hub(ada, secrets):
    assert told(ada, READ % repr(secrets)) == dict.fromkeys(secrets)


def test_no_student_takes_a_cover_away_with_a_namespace_of_their_own(ada, secrets):
    covered = [str(ROOT), str(Path(secrets[0]).parents[1])]
    tricks = "; ".join(f"umount {each}; umount -l {each}" for each in covered)
    code = f"""
import json, subprocess
lines = {tricks!r} + "; ls {" ".join(secrets)}"
done = subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", lines],
                      capture_output=True, text=True)
print(json.dumps(done.stdout))
"""
    assert told(ada, code).strip() == ""


def test_a_student_sees_no_process_but_their_own(ada, hub):
    code = """
import json, os
owners = {}
for each in filter(str.isdigit, os.listdir("/proc")):
    owners.setdefault(os.stat(f"/proc/{each}").st_uid, []).append(int(each))
try:
    first = open("/proc/1/environ").read()
except OSError:
    first = None
print(json.dumps([owners, first, open("/proc/1/cmdline").read(), os.getuid()]))
"""
    owners, first, line, uid = told(ada, code)
    assert set(owners) == {"0", str(uid)}
    assert owners["0"] == [1]
    assert first is None
    assert uid == pwd.getpwnam(account(hub.name("ada"))).pw_uid
    assert str(hub.folder / "courses") not in line


def test_a_student_of_any_name_has_an_account_and_leaves_nothing_running(ada, hub):
    name = hub.name("дмитрий")
    other = hub.person("дмитрий").start()
    ada.run("open('/tmp/mine', 'w').write('1')")
    code = """
import json, os, subprocess
subprocess.Popen(["sleep", "600"], start_new_session=True)
print(json.dumps([os.getuid(), os.environ["JUPYTERHUB_USER"], os.listdir("/tmp")]))
"""
    with other.kernel() as kernel:
        uid, known_as, temporary = told(kernel, code)
    assert uid == pwd.getpwnam(account(name)).pw_uid
    assert known_as == name
    assert "mine" not in temporary
    assert pids_of(uid) != []
    assert groups(name) != []
    other.stop()
    assert pids_of(uid) == []
    assert groups(name) == []


def pids_of(uid: int) -> list[str]:
    command = ["pgrep", "-u", str(uid)]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout.split()


def test_no_program_makes_a_student_somebody_else(ada):
    code = """
import json, subprocess
print(json.dumps([subprocess.run(each, capture_output=True, text=True).stdout for each in (
    ["grep", "NoNewPrivs", "/proc/self/status"], ["grep", "CapEff", "/proc/self/status"])]))
"""
    privileges, capabilities = told(ada, code)
    assert privileges.split()[-1] == "1"
    assert int(capabilities.split()[-1], 16) == 0


def test_memory_has_a_bound(ada):
    code = """
import json, subprocess, sys
print(json.dumps([
    subprocess.run([sys.executable, "-c", f"len(b'x' * {size * 2**20})"]).returncode
    for size in (%d, %d)
]))
"""
    small, large = told(ada, code % (MEMORY // 4, MEMORY * 2))
    assert small == 0, "a quarter of it is free to use"
    assert large == -9, "twice as much is not"


def test_processes_have_a_bound(ada):
    code = """
import json, os, signal, time
made = []
try:
    for _ in range(%d):
        child = os.fork()
        if child == 0:
            time.sleep(600)
            os._exit(0)
        made.append(child)
    failed = None
except OSError as error:
    failed = error.errno
for child in made:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
print(json.dumps([len(made), failed]))
"""
    made, failed = told(ada, code % (2 * PROCESSES))
    assert failed == 11, "EAGAIN: there is a bound"
    assert 10 < made < PROCESSES


def test_processors_have_a_bound(ada, hub):
    """Two busy processes get half a processor together, and the system says that it held them.

    It need not while others leave them less than that, so it is asked for as long as it takes.
    """
    name = hub.name("ada")
    before = throttled(name)
    code = """
import json, subprocess, sys, time
began, burn = time.monotonic(), "import time\\nend = time.monotonic() + 2\\n"
burn += "while time.monotonic() < end: pass\\nprint(time.process_time())"
both = [subprocess.Popen([sys.executable, "-c", burn], stdout=subprocess.PIPE) for _ in "ab"]
used = sum(float(each.communicate()[0]) for each in both)
print(json.dumps([used, time.monotonic() - began]))
"""

    def is_held() -> bool:
        used, passed = told(ada, code)
        assert used / passed < 0.5 * 1.3
        return throttled(name) > before

    until(is_held, "a moment in which the machine has half a processor to give")


def groups(name: str) -> list[Path]:
    """Return the folders of a server's control group that are there."""
    found = [parent / account(name) for _, parent in limits.parents()]
    return [path for path in found if path.exists()]


def throttled(name: str) -> int:
    """Return how often the system made this student's processes wait."""
    [stat] = [each for path in groups(name) for each in path.glob("cpu.stat")]
    return int(dict(map(str.split, stat.read_text().splitlines()))["nr_throttled"])


def test_what_a_server_says_fills_its_own_home_and_not_the_log_of_the_hub(ada, hub):
    ada.run("open('/proc/2/fd/1', 'a').write('a flood\\n')")
    assert (
        "a flood" in Path(pwd.getpwnam(account(hub.name("ada"))).pw_dir, ".server.log").read_text()
    )
    assert "a flood" not in hub.log.read_text(errors="replace")


def opens(hub, plain: str, course: str) -> int:
    """Return the status of a course's formgrader for somebody who signs in now."""
    person = hub.person(plain)
    place = f"{person.address}/services/{hub.name(course)}/formgrader"
    return person.session.get(place, timeout=180).status_code


def test_formgrader_opens_for_the_staff_of_its_course_alone(hub):
    expected = {
        ("ines", "one"): 200,
        ("ines", "two"): 200,
        ("greta", "one"): 200,
        ("greta", "two"): 403,
        ("goran", "one"): 403,
        ("goran", "two"): 200,
        ("ada", "one"): 403,
        ("bo", "one"): 403,
    }
    assert {each: opens(hub, *each) for each in expected} == expected
    place = f"{hub.settings.address}/services/{hub.name('one')}/formgrader"
    assert "/hub/login" in requests.get(place, timeout=180).url


def test_a_wrong_password_or_a_name_that_is_not_in_the_class_is_refused(hub):
    hub.passwords |= {hub.name("eve"): "x", hub.name("bo"): hub.passwords[hub.name("bo")]}
    with pytest.raises(Refused):
        hub.person("eve")
    right = hub.passwords.pop(hub.name("bo"))
    hub.passwords[hub.name("bo")] = right + "x"
    with pytest.raises(Refused):
        hub.person("bo")
    hub.passwords[hub.name("bo")] = right
    hub.passwords.pop(hub.name("eve"))


def test_a_session_goes_on_while_the_hub_restarts_and_who_was_taken_out_is_out(ada, hub):
    bo, greta = hub.person("bo"), hub.person("greta")
    assert bo.hub("GET", "user")["name"] == bo.name
    ada.run("kept = 41")
    hub.stop()
    assert told(ada, "print(kept)") == 41, "while there is no hub"
    course = hub.courses[hub.name("one")]
    course["students"].remove(bo.name)
    course["graders"].remove(greta.name)
    course["students"].append(greta.name)
    hub.write()
    mistake = Path(hub.courses[hub.name("two")]["folder"], "nbgrader_config.py")
    mistake.write_text("raise SystemExit('a mistake')")
    hub.start()
    assert told(ada, "print(kept + 1)") == 42
    with pytest.raises(Refused):
        bo.hub("GET", "user")
    with pytest.raises(Refused):
        hub.person("bo")
    assert opens(hub, "greta", "one") == 403
    courses = {each for each in greta.hub("GET", f"users/{greta.name}")["groups"]}
    assert courses == {f"nbgrader-{hub.name('one')}"}
    broken = f"{hub.settings.address}/services/{hub.name('two')}/"
    assert "formgrader of this course does not start" in requests.get(broken, timeout=180).text
