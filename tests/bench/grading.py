"""Grading speed: stock nbgrader beside ours, one class, one run, on the cores that there are.

Prints a table; asserts nothing. The class hands in a small torch assignment, so that what a grader
adds is what is measured, not what students compute. Beside it stands the floor: the processor time
of the students' own kernels, shared by the cores. Then classes of growing size show how often the
floor fits into what grading takes after its start, which is what a class of one takes; and the
kernels' start is timed alone.

stock       ``nbgrader autograde`` without this course's settings: visible checks, no isolation
ours        ``python -m autograder grade``: sandbox, judge, one worker more than cores

Run it as ``python -m tests.bench.grading`` (``make bench`` does). Arguments: the class's size, and an
assignment of the course, whose master everybody then hands in; with one, only the two are compared.
"""

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from autograder.fork_server import WARM, running
from autograder.grading.execution import PLACES
from autograder.sandbox.limits import Limits
from autograder.sandbox.manager import SandboxManager
from autograder.submission.files import archive

ROOT = Path(__file__).resolve().parents[2]
NAME = "lr00_bench"
CLASS = 40
SIZES = (1, 10, 40, 160)

CELLS = {
    "imports": "import torch\nimport torchvision\n\nimport lrlab.models",
    "rate_answer": "### BEGIN SOLUTION\nrate = 0.1\n### END SOLUTION",
    "rate": 'assert isinstance(rate, float), "rate should be a number"',
    "step_answer": """
def step(model, images, labels, rate):
    ### BEGIN SOLUTION
    loss = torch.nn.functional.cross_entropy(model(images), labels)
    loss.backward()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter -= rate * parameter.grad
    return loss.item()
    ### END SOLUTION
""",
    "step": """
model = lrlab.models.SimpleCNN()
images, labels = torch.rand(64, 1, 28, 28), torch.randint(10, (64,))
first = step(model, images, labels, 0.1)
model.zero_grad()
assert step(model, images, labels, 0.1) < first, "a step should lower the loss"
""",
}
CHECKS = """
from autograder.checks.numbers import number
from autograder.checks.trials import make_trial
from autograder.judge.verdict import part


def rate(student):
    return number(student, "rate", 1, lambda value: value == 0.1, "It should be 0.1.")


def step(student):
    trial = make_trial(student, "step")
    reply = student.call("step", trial.model, trial.images, trial.labels, trial.learning_rate)
    right = abs(reply.value - trial.loss_before) < 1e-3
    return [part(1, right, "The loss is right.", "The loss is wrong.")]
"""
STOCK = """
import os
import sys
from pathlib import Path

c = get_config()
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.root = {root!r}
"""


def master() -> nbformat.NotebookNode:
    """Return the master notebook: two answers, two test cells of one point each."""
    cells = []
    for name, source in CELLS.items():
        cell = new_code_cell(source.strip(), id=name)
        if name != "imports":
            graded = not name.endswith("_answer")
            cell.metadata["nbgrader"] = {
                "schema_version": 3,
                "grade_id": name,
                "grade": graded,
                "locked": graded,
                "solution": not graded,
                "task": False,
                **({"points": 1} if graded else {}),
            }
        cells.append(cell)
    kernel = {"kernelspec": {"display_name": "Python 3", "name": "python3"}}
    return new_notebook(cells=cells, metadata=kernel)


def make_course(folder: Path, stock: bool, size: int, name: str = NAME) -> Path:
    """Make a course with one released assignment and ``size`` submissions."""
    shutil.copytree(ROOT / "autograder", folder / "autograder")
    checks = folder / "autograder" / "checks" / NAME
    checks.mkdir()
    (checks / "__init__.py").write_text(CHECKS)
    (folder / "solutions" / NAME).mkdir(parents=True)
    nbformat.write(master(), folder / "solutions" / NAME / f"{NAME}.ipynb")
    if name != NAME:
        shutil.copytree(ROOT / "solutions" / name, folder / "solutions" / name)
    if stock:
        (folder / "nbgrader_config.py").write_text(STOCK.format(root=str(folder)))
    else:
        shutil.copy(ROOT / "nbgrader_config.py", folder)
    command(folder, "nbgrader", "generate_assignment", name)
    for number in range(size):
        home = folder / "submitted" / f"student{number:03}" / name
        home.mkdir(parents=True)
        shutil.copy(folder / "solutions" / name / f"{name}.ipynb", home)
    return folder


def command(folder: Path, *words: str) -> tuple[float, float]:
    """Run a command in ``folder``; return its seconds, and the memory in MiB that it added."""
    before, seen, done = available(), [], threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            seen.append(before - available())

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, check=True, capture_output=True, text=True
    )
    seconds = time.perf_counter() - began
    done.set()
    watcher.join()
    return seconds, max(seen, default=0.0)


def available() -> float:
    """Return the machine's free memory in MiB."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable"):
            return int(line.split()[1]) / 1024
    return 0.0


def ours(folder: Path, size: int, name: str) -> tuple[float, float, float]:
    """Grade a class of ``size``; return seconds, MiB, and the students' processor seconds."""
    course = make_course(folder, stock=False, size=size, name=name)
    seconds, memory = command(course, "autograder", "grade", name)
    outcomes = [
        json.loads(path.read_text()) for path in (course / "outcomes" / name / name).iterdir()
    ]
    assert len(outcomes) == size and all(each["status"] == "graded" for each in outcomes)
    verdicts = [verdict for each in outcomes for verdict in each["verdicts"].values()]
    assert all(verdict["points"] == verdict["max_points"] for verdict in verdicts)
    return seconds, memory, sum(each["used"]["cpu"] for each in outcomes)


def kernel_starts(count: int = 20) -> list[float]:
    """Return how long each of ``count`` kernels took from the request to its first answer."""

    async def start() -> float:
        began = time.perf_counter()
        manager = SandboxManager()
        await manager.start_kernel(
            files=archive([]),
            env=PLACES,
            limits=Limits(),
            address=running(WARM).address,
        )
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        seconds = time.perf_counter() - began
        client.stop_channels()
        await manager.shutdown_kernel(now=True)
        return seconds

    asyncio.run(start())  # the first one waits for the warm process's imports
    return [asyncio.run(start()) for _ in range(count)]


def main() -> None:
    """Print both tables."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else CLASS
    name = sys.argv[2] if len(sys.argv) > 2 else NAME
    cores = os.cpu_count() or 1
    starts = kernel_starts()
    print(f"a kernel is ready after {statistics.median(starts):.2f} s (median of {len(starts)}; ")
    print(f"slowest {max(starts):.2f} s); {cores} cores, OMP_NUM_THREADS=1\n")
    sizes = sorted({size, *SIZES} if name == NAME else {1, size})
    with tempfile.TemporaryDirectory() as folder:
        course = make_course(Path(folder) / "stock", stock=True, size=size, name=name)
        stock, _ = command(course, "nbgrader", "autograde", name)
        times = {each: ours(Path(folder) / f"ours{each}", each, name) for each in sizes}
    seconds, _, cpu = times[size]
    print(f"{size:4} of {name:20}{'seconds':>9}{'a student':>11}{'faster':>9}")
    for words, value in (
        ("stock nbgrader autograde", stock),
        ("python -m autograder grade", seconds),
        ("floor: students' CPU / cores", cpu / cores),
    ):
        print(f"{words:28}{value:9.1f}{value / size:11.2f}{stock / value:8.1f}x")
    columns = ("submissions", "seconds", "a student", "MiB, all", "floor", "floors")
    print("\n" + "".join(f"{column:>11}" for column in columns))
    start = times[1][0]
    for each, (seconds, memory, cpu) in times.items():
        floor = cpu / cores
        print(f"{each:11}{seconds:11.1f}{seconds / each:11.2f}{memory:11.0f}{floor:11.1f}", end="")
        print(f"{(seconds - start) / floor:11.1f}" if each > 1 else "      start")


if __name__ == "__main__":
    main()
