"""Processes that train: one a core, one thread each, one run at a time.

A job goes to a process as one JSON line and comes back as one. A run that raises, or a process that
dies, costs that run and no other.
"""

import json
import os
import queue
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass

from lrlab.history import History
from lrlab.runs.experiment import Experiment, Run
from lrlab.training import Evaluation


@dataclass(frozen=True)
class Job:
    """One run to be made: what, at which learning rate, with which seed.

    checkpoint: a file from which an interrupted run goes on, or None.
    """

    experiment: Experiment
    learning_rate: float
    seed: int
    checkpoint: str | None = None


@dataclass(frozen=True)
class Failure:
    """A run that ended without a result: its settings, and the reason in one line."""

    learning_rate: float
    seed: int
    reason: str


def in_processes(jobs: list[Job], count: int) -> Iterator[tuple[Job, Run | Failure]]:
    """Yield each job with its outcome, as they come, from ``count`` processes."""
    workers = [_Worker() for _ in range(count)]
    idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
    for worker in workers:
        idle.put(worker)

    def train(job: Job) -> tuple[Job, Run | Failure]:
        worker = idle.get()
        try:
            return job, worker.train(job)
        finally:
            idle.put(worker)

    pool = ThreadPoolExecutor(count)
    try:
        for future in as_completed([pool.submit(train, job) for job in jobs]):
            yield future.result()
    finally:  # also when the caller is interrupted: no process and no waiting run stays behind
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.end()


def to_run(plain: dict) -> Run:
    """Return the run that ``asdict`` and JSON made plain."""
    results = (
        None if plain[name] is None else Evaluation(**plain[name]) for name in ("test", "train")
    )
    return Run(plain["learning_rate"], plain["seed"], History(**plain["history"]), *results)


class _Worker:
    """A ``python -m lrlab.runs.worker`` process, started at its first run and again after it died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen | None = None
        # It lives as long as the worker: `end` closes it.
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115

    def train(self, job: Job) -> Run | Failure:
        if self._process is None or self._process.poll() is not None:
            self._start()
        try:
            print(json.dumps(asdict(job)), file=self._process.stdin, flush=True)
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            return Failure(job.learning_rate, job.seed, self._last_words())
        answer = json.loads(line)
        if "error" in answer:
            return Failure(job.learning_rate, job.seed, answer["error"])
        return to_run(answer["run"])

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process.stdin.close()
            self._process.stdout.close()
        self._errors.close()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "lrlab.runs.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            encoding="utf-8",
            env=os.environ | {"OMP_NUM_THREADS": "1"},
        )

    def _last_words(self) -> str:
        code = self._process.wait()
        self._errors.seek(0)
        lines = self._errors.read().strip().splitlines() or ["it printed nothing"]
        return f"the process died (exit status {code}): {lines[-1]}"
