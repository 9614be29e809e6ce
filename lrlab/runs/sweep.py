"""Many runs side by side: every learning rate with every seed, or any list of jobs.

On a CPU each core gets one process with one thread (``lrlab.runs.pool``), because small models gain
nothing from several threads. On a GPU all runs of an experiment are one batch (``lrlab.runs.batched``).
A run that fails is reported with its settings, and the others are kept. With a journal file, runs
that were interrupted go on where they were.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch

from lrlab.runs.experiment import Experiment, Run
from lrlab.runs.pool import Failure, Job, in_processes, to_run
from lrlab.training import progress_bar


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

    The other arguments, and what happens to a failed run: see ``train_all``.
    """
    seeds = list(seeds)
    pairs = sorted({(float(rate), int(seed)) for rate in learning_rates for seed in seeds})
    if not pairs:
        raise ValueError("a sweep needs at least one learning rate and one seed")
    jobs = [Job(experiment, *pair) for pair in pairs]
    outcomes = train_all(jobs, workers=workers, journal=journal, progress=progress)
    return Sweep(
        [outcome for outcome in outcomes if isinstance(outcome, Run)],
        [outcome for outcome in outcomes if isinstance(outcome, Failure)],
    )


def train_all(
    jobs: list[Job],
    *,
    workers: int | None = None,
    journal: str | Path | None = None,
    progress: bool = True,
) -> list[Run | Failure]:
    """Make every run and return the outcomes in the order of the jobs.

    workers: processes on a CPU, by default one a core. journal: a file to which each finished run
    is added at once and from which a later call takes what is done; beside it lie checkpoints of
    the runs that are under way on a CPU.
    A failed run prints a line with its settings; nothing is raised for it.
    """
    if any(not job.learning_rate > 0 for job in jobs):
        raise ValueError("a learning rate is a number above zero")
    known: dict[str, Run | Failure] = dict(_read_journal(journal))
    missing = [_with_checkpoint(job, journal) for job in jobs if _key(job) not in known]
    with progress_bar(len(jobs), len(jobs) - len(missing), "run", progress) as bar:
        for job, outcome in _outcomes(missing, workers):
            known[_key(job)] = outcome
            bar.update()
            if isinstance(outcome, Failure):
                bar.write(
                    f"failed: {job.experiment.optimizer} at learning rate {job.learning_rate:g}, "
                    f"seed {job.seed}: {outcome.reason}"
                )
            else:
                _write_journal(journal, job, outcome)
    return [known[_key(job)] for job in jobs]


def _outcomes(jobs: list[Job], workers: int | None) -> Iterator[tuple[Job, Run | Failure]]:
    if not jobs:
        return
    if not torch.cuda.is_available():
        yield from in_processes(jobs, min(workers or len(os.sched_getaffinity(0)), len(jobs)))
        return
    from lrlab.runs.batched import run_batch  # torch.func is slow to import and unused on a CPU

    while jobs:
        batch = [job for job in jobs if job.experiment == jobs[0].experiment]
        jobs = [job for job in jobs if job.experiment != jobs[0].experiment]
        pairs = [(job.learning_rate, job.seed) for job in batch]
        try:
            outcomes = run_batch(batch[0].experiment, pairs, torch.device("cuda"))
        except Exception as error:  # noqa: BLE001 - whatever a batch raises is reported with its runs
            reason = f"{type(error).__name__}: {error}"
            outcomes = [Failure(*pair, reason) for pair in pairs]
        yield from zip(batch, outcomes, strict=True)


def _key(job: Job) -> str:
    """Return the settings of a run as text: the same settings, the same text."""
    return json.dumps([asdict(job.experiment), job.learning_rate, job.seed], sort_keys=True)


def _with_checkpoint(job: Job, journal: str | Path | None) -> Job:
    if journal is None:
        return job
    Path(journal).parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(_key(job).encode()).hexdigest()[:16]
    return replace(job, checkpoint=f"{journal}.{digest}.pt")


def _read_journal(path: str | Path | None) -> Iterator[tuple[str, Run]]:
    if path is None or not Path(path).exists():
        return
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            continue  # the line that an interruption cut short; its run is made again
        run = to_run(entry["run"])
        yield json.dumps([entry["experiment"], run.learning_rate, run.seed], sort_keys=True), run


def _write_journal(path: str | Path | None, job: Job, run: Run) -> None:
    if path is None:
        return
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps({"experiment": asdict(job.experiment), "run": asdict(run)}) + "\n")
    if job.checkpoint is not None:
        Path(job.checkpoint).unlink(missing_ok=True)
