"""A class that hands in at the last minute: 60 students at once, in a real hub on this machine.

Every student has a system account and a server, and asks it what JupyterLab's pages ask: fetch,
validate, submit. The assignment is one function without PyTorch, which alone would take a validating
kernel 3 s of a processor: 60 of these need 90 s of two. Prints how long it took and how much memory
the servers hold; asserts that all has arrived, once, and whose it is.

Run it as root as ``python -m tests.bench.classroom`` (``make bench`` does); an argument is the number
of students. Where memory is short there are fewer, and the first line says so.
"""

import os
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # as pytest does

from classroom import INES, MEAN, NAME, OTHER, Classroom, open_classroom, path_of, solve

from autograder.classroom.accounts import person
from tests.bench.grading import available

CLASS = 60
AT_A_TIME = 4  # servers that start together; two cores are busy with fewer
EACH = 200  # MiB to be free for each student: a server, and for seconds a kernel
STEPS = ("fetch", "answer", "validate", "submit")


def main() -> None:
    """Measure, check, print."""
    if os.geteuid() != 0:
        print("60 students of one hub: not measured, as their accounts need root.")
        return
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else CLASS
    size = min(wanted, int(available() / EACH))
    print(
        f"{size} students of one hub on {os.cpu_count()} cores, {available():,.0f} MiB free", end=""
    )
    print("" if size == wanted else f" (too few for {wanted})", flush=True)
    names = tuple(f"s{number:02}-{os.getpid()}" for number in range(size))
    with tempfile.TemporaryDirectory() as folder, open_classroom(Path(folder), names) as classroom:
        classroom.formgrader(INES, OTHER).press("assignment", NAME, "release")
        starts = start_servers(classroom, names)
        show("start a server", starts, f"{AT_A_TIME} at a time")
        print(
            f"memory of the servers, idle: {memory(names):,.0f} MiB, {memory(names) / size:.0f} each"
        )
        seconds, most, times = hand_in_together(classroom, names)
        for step in STEPS:
            show(step, [each[step] for each in times], "all at once")
        show("all of it", [sum(each.values()) for each in times], "a student waits so long")
        print(f"memory of servers and kernels, at most: {most:,.0f} MiB")
        print(f"{size} students were done after {seconds:.1f} s", end="; ")
        print(f"{check(classroom, names)} submissions arrived and were collected, each once")


def start_servers(classroom: Classroom, names: tuple[str, ...]) -> list[float]:
    """Start everybody's server; return the seconds that each took."""
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        return list(pool.map(lambda name: timed(lambda: classroom.at_work(name)), names))


def hand_in_together(
    classroom: Classroom, names: tuple[str, ...]
) -> tuple[float, float, list[dict[str, float]]]:
    """Let all fetch, answer, validate and submit; return seconds, MiB, and each one's times."""
    done, seen = threading.Event(), []

    def watch() -> None:
        while not done.wait(1):
            seen.append(memory(names))

    watcher = threading.Thread(target=watch)
    watcher.start()
    together = threading.Barrier(len(names) + 1)
    try:
        with ThreadPoolExecutor(len(names)) as pool:
            asked = [pool.submit(hand_in, classroom, name, together) for name in names]
            together.wait()
            began = time.perf_counter()
            times = [each.result() for each in asked]
            seconds = time.perf_counter() - began
    finally:
        done.set()
        watcher.join()
    return seconds, max(seen, default=0.0), times


def hand_in(classroom: Classroom, name: str, together: threading.Barrier) -> dict[str, float]:
    """Do what one student does; return the seconds of each step."""
    student = classroom.at_work(name)
    together.wait()
    times = {
        "fetch": timed(lambda: student.press("fetch", OTHER, NAME)),
        "answer": timed(lambda: solve(student, OTHER, {"mean": f"{MEAN}\n# by {name}"})),
    }
    found = {}
    times["validate"] = timed(lambda: found.update(student.validate(path_of(OTHER))))
    assert not found, found
    times["submit"] = timed(lambda: found.update(student.press("submit", OTHER, NAME)))
    assert found["success"], found
    return times


def check(classroom: Classroom, names: tuple[str, ...]) -> int:
    """Return how many submissions arrived; assert that each student has one, and their own."""
    inbound = classroom.settings.exchange / OTHER / "inbound"
    arrived = sorted((path.stat().st_uid, by(path)) for path in inbound.iterdir())
    assert arrived == sorted((person(name).pw_uid, name) for name in names)
    classroom.formgrader(INES, OTHER).press("assignment", NAME, "collect")
    submitted = classroom.course(OTHER) / "submitted"
    assert {each.name: by(each / NAME) for each in submitted.iterdir()} == {
        name: name for name in names
    }
    return len(arrived)


def by(submission: Path) -> str:
    """Return whose name stands in the answer."""
    return re.search(r"# by ([\w-]+)", (submission / f"{NAME}.ipynb").read_text())[1]


def memory(names: tuple[str, ...]) -> float:
    """Return the MiB of all processes of these people; pages that they share are counted once."""
    owners = {person(name).pw_uid for name in names}
    total = 0
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if path.stat().st_uid in owners:
                found = re.search(
                    r"^Pss: +(\d+)", (path / "smaps_rollup").read_text(), re.MULTILINE
                )
                total += int(found[1])
        except (OSError, TypeError):  # it has ended
            continue
    return total / 1024


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def show(what: str, seconds: list[float], how: str) -> None:
    """Print the median and the 95th percentile."""
    *_, high = statistics.quantiles(seconds, n=20)
    print(
        f"{what:16} p50 {statistics.median(seconds):6.2f} s   p95 {high:6.2f} s   ({how})",
        flush=True,
    )


if __name__ == "__main__":
    main()
