"""Many runs side by side: every learning rate with every seed.

On a CPU each core gets one process with one thread, because small models gain nothing from several
threads. On a GPU all runs are one batch (``lrlab.batched``). A run that fails is reported with its
settings, and the others are kept. With a journal file, a sweep that was interrupted goes on where
it was.
"""

import json
import os
import queue
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from lrlab.experiment import Experiment, Run
from lrlab.history import History
from lrlab.training import Evaluation, progress_bar


@dataclass(frozen=True)
class Failure:
    """A run that ended without a result: its settings, and the reason in one line."""

    learning_rate: float
    seed: int
    reason: str


@dataclass
class Sweep:
    """The finished runs, ordered by learning rate and seed, and the failures."""

    runs: list[Run]
    failures: list[Failure]

    def at(self, learning_rate: float) -> list[Run]:
        """Return the finished runs of one learning rate, one a seed."""
        return [run for run in self.runs if run.learning_rate == learning_rate]


def sweep(
    experiment: Experiment,
    learning_rates: Iterable[float],
    seeds: Iterable[int],
    *,
    workers: int | None = None,
    journal: str | Path | None = None,
    progress: bool = True,
) -> Sweep:
    """Train ``experiment`` at every learning rate with every seed and return all results.

    workers: processes on a CPU, by default one a core. journal: a file to which each finished run
    is added at once and from which a later call takes what is done.
    A failed run prints a line with its settings; nothing is raised for it.
    """
    seeds = list(seeds)
    pairs = [(float(rate), int(seed)) for rate in learning_rates for seed in seeds]
    if not pairs:
        raise ValueError("a sweep needs at least one learning rate and one seed")
    if any(not rate > 0 for rate, _ in pairs):
        raise ValueError("a learning rate is a number above zero")

    known = _read_journal(journal, experiment)
    open_pairs = [pair for pair in pairs if pair not in known]
    failures: list[Failure] = []
    with progress_bar(len(pairs), len(pairs) - len(open_pairs), "run", progress) as bar:
        for outcome in _outcomes(experiment, open_pairs, workers):
            bar.update()
            if isinstance(outcome, Failure):
                failures.append(outcome)
                bar.write(
                    f"failed: {experiment.optimizer} at learning rate {outcome.learning_rate:g}, "
                    f"seed {outcome.seed}: {outcome.reason}"
                )
            else:
                known[outcome.learning_rate, outcome.seed] = outcome
                _write_journal(journal, experiment, outcome)
    runs = [known[pair] for pair in sorted(set(pairs)) if pair in known]
    return Sweep(runs, sorted(failures, key=lambda failure: (failure.learning_rate, failure.seed)))


def _outcomes(
    experiment: Experiment, pairs: list[tuple[float, int]], workers: int | None
) -> Iterable[Run | Failure]:
    if torch.cuda.is_available():
        from lrlab.batched import run_batch  # torch.func is slow to import and unused on a CPU

        return run_batch(experiment, pairs, torch.device("cuda"))
    workers = min(workers or len(os.sched_getaffinity(0)), len(pairs))
    return _in_processes(experiment, pairs, workers)


def _in_processes(
    experiment: Experiment, pairs: list[tuple[float, int]], count: int
) -> Iterator[Run | Failure]:
    """Yield outcomes as they come, from ``count`` processes that each train one run at a time."""
    workers = [_Worker() for _ in range(count)]
    idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
    for worker in workers:
        idle.put(worker)

    def train(pair: tuple[float, int]) -> Run | Failure:
        worker = idle.get()
        try:
            return worker.train(experiment, *pair)
        finally:
            idle.put(worker)

    pool = ThreadPoolExecutor(count)
    try:
        for future in as_completed([pool.submit(train, pair) for pair in pairs]):
            yield future.result()
    finally:  # also when the caller is interrupted: no process and no waiting run stays behind
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.end()


class _Worker:
    """A ``python -m lrlab.worker`` process, started at its first run and again after it died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen | None = None
        # It lives as long as the worker: `end` closes it.
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115

    def train(self, experiment: Experiment, learning_rate: float, seed: int) -> Run | Failure:
        if self._process is None or self._process.poll() is not None:
            self._start()
        job = {"experiment": asdict(experiment), "learning_rate": learning_rate, "seed": seed}
        try:
            print(json.dumps(job), file=self._process.stdin, flush=True)
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            return Failure(learning_rate, seed, self._last_words())
        answer = json.loads(line)
        if "error" in answer:
            return Failure(learning_rate, seed, answer["error"])
        return _to_run(answer["run"])

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process.stdin.close()
            self._process.stdout.close()
        self._errors.close()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "lrlab.worker"],
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


def _to_run(plain: dict) -> Run:
    test = None if plain["test"] is None else Evaluation(**plain["test"])
    return Run(plain["learning_rate"], plain["seed"], History(**plain["history"]), test)


def _read_journal(path: str | Path | None, experiment: Experiment) -> dict[tuple[float, int], Run]:
    if path is None or not Path(path).exists():
        return {}
    known = {}
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            continue  # the line that an interruption cut short; its run is made again
        if entry["experiment"] == asdict(experiment):
            run = _to_run(entry["run"])
            known[run.learning_rate, run.seed] = run
    return known


def _write_journal(path: str | Path | None, experiment: Experiment, run: Run) -> None:
    if path is None:
        return
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps({"experiment": asdict(experiment), "run": asdict(run)}) + "\n")
