"""What goes wrong around a class in a real hub, and that nothing is lost by it.

The exchange lies on a disk of its own, a small one, so that it can be full.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from classroom import ADA, BEN, INES, NAME, OTHER, Classroom, open_classroom
from hub import Person, until

from autograder.classroom.accounts import person

DISK = 64  # MiB
IDLE = 12  # seconds until a server that nobody uses is stopped


@pytest.fixture(scope="module")
def classroom(tmp_path_factory) -> Iterator[Classroom]:
    """A hub in whose second course, which needs no torch, two students have fetched the assignment."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("a disk for this test is mounted by root: sudo -E .venv/bin/pytest ...")
    folder = tmp_path_factory.mktemp("trouble")
    disk = folder / "disk"
    disk.mkdir()
    with contextlib.ExitStack() as opened:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}m", "tmpfs", disk]
        subprocess.run(mount, check=True)
        opened.callback(subprocess.run, ["umount", "--lazy", disk], check=True)
        classroom = opened.enter_context(
            open_classroom(folder, (ADA, BEN), exchange=str(disk / "exchange"))
        )
        classroom.formgrader(INES, OTHER).press("assignment", NAME, "release")
        for each in (ADA, BEN):
            classroom.at_work(each).press("fetch", OTHER, NAME)
        yield classroom


def arrived(classroom: Classroom, name: str) -> list[Path]:
    """Return what of a student lies in the exchange, whole or not, in order of time."""
    inbound = classroom.settings.exchange / OTHER / "inbound"
    owner = person(name).pw_uid
    return sorted(each for each in inbound.iterdir() if each.stat().st_uid == owner)


def is_whole(folder: Path) -> bool:
    return not folder.name.startswith(".") and (folder / "submission_secret.txt").is_file()


def write_file(student: Person, name: str, size: int) -> None:
    """Have a student's program write a file of ``size`` bytes beside the notebook."""
    path = f"{OTHER}/{NAME}/{name}"
    assert student.run(f"print(open({path!r}, 'wb').write(bytes({size})))") == f"{size}\n"


def refused(student: Person) -> str:
    """Submit, and return the sentence with which that is refused."""
    answer = student.press("submit", OTHER, NAME)
    assert answer["success"] is False
    assert "Traceback" not in answer["value"]
    return answer["value"]


def test_what_is_too_large_is_refused_with_a_sentence_and_the_older_one_stays(classroom):
    ada = classroom.at_work(ADA)
    ada.press("submit", OTHER, NAME)
    before = arrived(classroom, ADA)
    assert len(before) == 1 and is_whole(before[0])
    write_file(ada, "weights.bin", 120_000_000)
    assert "was not handed in: its files have 120.0 MB" in (said := refused(ada))
    assert "weights.bin" in said and arrived(classroom, ADA) == before
    ada.run(f"import os; os.remove('{OTHER}/{NAME}/weights.bin')")
    ada.press("submit", OTHER, NAME)
    assert len(arrived(classroom, ADA)) == 2


def test_a_full_disk_leaves_the_older_submission_and_no_half_of_a_new_one(classroom):
    ada = classroom.at_work(ADA)
    before = arrived(classroom, ADA)
    write_file(ada, "table.csv", 300_000)
    filler = classroom.settings.exchange.parent / "filler"
    with filler.open("wb") as file:
        file.write(bytes(shutil.disk_usage(filler.parent).free - 100_000))
    assert "the disk for submissions is full" in refused(ada)
    assert arrived(classroom, ADA) == before
    filler.unlink()
    ada.press("submit", OTHER, NAME)
    *older, new = arrived(classroom, ADA)
    assert older == before and is_whole(new)
    assert (new / "table.csv").stat().st_size == 300_000


def test_a_student_works_on_while_the_hub_restarts(classroom):
    ben = classroom.at_work(BEN)
    with ben.kernel() as kernel:
        assert kernel.run("import os\nx = 41\nprint(os.getppid())").strip().isdigit()
        classroom.stop_hub()
        assert kernel.run("x += 1\nprint(x)") == "42\n"
        ben.press("submit", OTHER, NAME)
        classroom.start_hub()
        assert kernel.run("print(x)") == "42\n"
    (folder,) = arrived(classroom, BEN)
    assert is_whole(folder)
    assert ben.hub("GET", f"users/{BEN}")["servers"][""]["ready"]


def test_a_submission_that_the_hubs_restart_interrupts_arrives_whole_and_once(classroom):
    """The student's server stands still while files are copied, and until a new hub answers."""
    ben, before = classroom.at_work(BEN), arrived(classroom, BEN)
    many = f"for n in range(2000):\n    open(f'{OTHER}/{NAME}/{{n}}.txt', 'w').write(str(n))"
    assert ben.run(many) == ""
    server = server_of(BEN)
    submit = threading.Thread(target=ben.press, args=("submit", OTHER, NAME))
    submit.start()
    while not (begun := set(arrived(classroom, BEN)).difference(before)) and submit.is_alive():
        pass  # without a pause, for it is over soon
    os.kill(server, signal.SIGSTOP)
    try:
        assert not any(map(is_whole, begun))
        classroom.stop_hub()
        classroom.start_hub()
    finally:
        os.kill(server, signal.SIGCONT)
    submit.join()
    (new,) = set(arrived(classroom, BEN)).difference(before)
    assert is_whole(new) and len(list(new.iterdir())) == 2003
    listed = ben.assignments(OTHER)["submitted", NAME]["submissions"]
    assert len(listed) == len(before) + 1


def server_of(name: str) -> int:
    """Return the process of somebody's server."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            is_server = b"jupyterhub-singleuser" in path.read_bytes()
            if is_server and path.stat().st_uid == person(name).pw_uid:
                return int(path.parent.name)
    raise LookupError(name)


def test_a_kernel_that_computes_outlives_the_time_after_which_others_are_stopped(classroom):
    changed = yaml.safe_load(classroom.path.read_text()) | {"cull": {"idle": IDLE}}
    classroom.path.write_text(yaml.safe_dump(changed, allow_unicode=True))
    classroom.stop_hub()
    classroom.reload()
    classroom.start_hub()
    ada, ben = classroom.at_work(ADA), classroom.at_work(BEN)
    for each in (ada, ben):
        each.stop()
        each.start()
    with ben.kernel() as kernel:
        connection, _ = kernel.begin("import time\nfor x in range(300):\n    time.sleep(1)")
        connection.close()  # as a laptop that is closed
        until(lambda: not ada.hub("GET", f"users/{ADA}")["servers"], "the idle server is stopped")
        began = ben.hub("GET", f"users/{BEN}")["servers"][""]["started"]
        time.sleep(IDLE)
        assert ben.hub("GET", f"users/{BEN}")["servers"][""]["started"] == began
        ben.ask("POST", f"{ben.server}/api/kernels/{kernel.name}/interrupt")
        # What is asked while an interrupt is handled is dropped.
        assert int(until(lambda: kernel.run("print(x)"), "the kernel answers")) > IDLE
