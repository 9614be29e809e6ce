"""Runs side by side equal runs alone; a failed or killed run costs only itself."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
import torch

from lrlab.history import History
from lrlab.runs.experiment import Experiment, Run
from lrlab.runs.pool import Failure, Job
from lrlab.runs.sweep import sweep, train_all

SHORT = Experiment(steps=5, batch_size=32, train_size=200)


def test_processes_give_what_one_process_gives():
    swept = sweep(SHORT, [0.3, 0.01], [1, 0], workers=2, progress=False)
    assert [(one.learning_rate, one.seed) for one in swept.runs] == [
        (0.01, 0),
        (0.01, 1),
        (0.3, 0),
        (0.3, 1),
    ]
    assert swept.failures == []
    alone = SHORT.run(0.3, 1)
    assert swept.at(0.3)[1].history.loss == pytest.approx(alone.history.loss, rel=1e-5)
    assert swept.at(0.3)[1].test.loss == pytest.approx(alone.test.loss, rel=1e-5)


def test_a_diverged_run_is_a_result_not_a_failure():
    swept = sweep(SHORT, [1e30], [0], progress=False)
    assert swept.failures == [] and swept.runs[0].test is None
    assert "diverged" in swept.runs[0].history.stopped


def test_a_failing_run_is_reported_with_its_settings_and_the_others_are_kept(capsys):
    # Adadelta refuses a negative rho, so each run raises inside its worker.
    broken = Experiment(optimizer="Adadelta", optimizer_options={"rho": -1.0}, steps=1)
    swept = sweep(broken, [0.1], [7], progress=False)
    assert swept.runs == []
    assert (swept.failures[0].learning_rate, swept.failures[0].seed) == (0.1, 7)
    assert "rho" in swept.failures[0].reason
    assert "Adadelta at learning rate 0.1, seed 7" in capsys.readouterr().out


def test_on_a_gpu_each_experiment_is_one_batch_and_a_failing_one_costs_no_other(
    monkeypatch, capsys
):
    made = []

    def run_batch(experiment, pairs, device):
        made.append((experiment, pairs, device.type))
        if experiment.optimizer == "Adadelta":
            raise ValueError("Invalid rho value: -1.0")
        return [Run(*pair, History([0.1], [2.3], [0.1]), None) for pair in pairs]

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr("lrlab.runs.batched.run_batch", run_batch)
    broken = Experiment(optimizer="Adadelta", optimizer_options={"rho": -1.0}, steps=1)
    jobs = [Job(SHORT, 0.1, 0), Job(broken, 0.1, 7), Job(SHORT, 0.3, 1)]
    first, failed, last = train_all(jobs, progress=False)
    assert made == [(SHORT, [(0.1, 0), (0.3, 1)], "cuda"), (broken, [(0.1, 7)], "cuda")]
    assert (first.learning_rate, last.learning_rate) == (0.1, 0.3)
    assert failed == Failure(0.1, 7, "ValueError: Invalid rho value: -1.0")
    assert "Adadelta at learning rate 0.1, seed 7" in capsys.readouterr().out


def child_processes(of: int) -> list[int]:
    children = [path.read_text() for path in Path(f"/proc/{of}/task").glob("*/children")]
    return [int(child) for child in " ".join(children).split()]


def test_a_killed_worker_costs_one_run_and_the_next_gets_a_new_one(tmp_path):
    script = """
        from lrlab.runs.experiment import Experiment
        from lrlab.runs.sweep import sweep
        import json
        swept = sweep(Experiment(steps=150, train_size=2000), [0.1], range(4), workers=1,
                      journal=JOURNAL, progress=False)
        print(json.dumps({"done": [r.seed for r in swept.runs],
                          "failed": [[f.seed, f.reason] for f in swept.failures]}))
    """
    journal = tmp_path / "journal.jsonl"
    program = textwrap.dedent(script).replace("JOURNAL", repr(str(journal)))
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    deadline = time.time() + 120
    while not journal.exists() and time.time() < deadline:
        time.sleep(0.05)
    victims = child_processes(process.pid)
    assert len(victims) == 1
    os.kill(victims[0], signal.SIGKILL)
    output, _ = process.communicate(timeout=120)
    result = json.loads(output.splitlines()[-1])
    assert len(result["failed"]) == 1 and "exit status -9" in result["failed"][0][1]
    assert sorted(result["done"] + [result["failed"][0][0]]) == [0, 1, 2, 3]


def test_no_worker_outlives_a_killed_sweep(tmp_path):
    script = """
        from lrlab.runs.experiment import Experiment
        from lrlab.runs.sweep import sweep
        experiment = Experiment(epochs=1_000, batch_size=64, train_size=1000, test_size=100)
        sweep(experiment, [0.1], [0], workers=1, journal=JOURNAL, progress=False)
    """
    program = textwrap.dedent(script).replace("JOURNAL", repr(str(tmp_path / "journal.jsonl")))
    process = subprocess.Popen([sys.executable, "-c", program])
    deadline = time.time() + 120
    while not list(tmp_path.glob("*.pt")) and time.time() < deadline:
        time.sleep(0.05)
    (worker,) = child_processes(process.pid)  # it has trained for an epoch, and goes on
    process.kill()
    process.wait()
    deadline = time.time() + 20
    while Path(f"/proc/{worker}").exists() and time.time() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{worker}").exists()


def test_an_interrupted_run_leaves_a_checkpoint_and_goes_on_from_it(tmp_path):
    script = """
        import signal
        from lrlab.runs.experiment import Experiment
        from lrlab.runs.sweep import sweep
        # A job that a shell put into the background ignores it otherwise.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        swept = sweep(EXPERIMENT, [0.1], [0], workers=1, journal=JOURNAL, progress=False)
        print(swept.runs[0].test.loss)
    """
    # Forty epochs of 15 steps: enough time to end it between two of its checkpoints.
    experiment = Experiment(epochs=40, batch_size=64, train_size=1000, test_size=100)
    journal = tmp_path / "journal.jsonl"
    program = textwrap.dedent(script).replace("JOURNAL", repr(str(journal)))
    program = program.replace("EXPERIMENT", repr(experiment))
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    deadline = time.time() + 120
    while not list(tmp_path.glob("*.pt")) and time.time() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=60)
    (checkpoint,) = tmp_path.glob("*.pt")
    done = len(torch.load(checkpoint, weights_only=True)["history"]["loss"])
    assert 15 <= done < 600 and not journal.exists()
    swept = sweep(experiment, [0.1], [0], workers=1, journal=journal, progress=False)
    alone = experiment.run(0.1, 0)
    assert swept.runs[0].history.loss == pytest.approx(alone.history.loss, rel=1e-5)
    assert journal.exists() and not checkpoint.exists()


def test_a_journal_is_taken_up_where_it_ends(tmp_path):
    journal = tmp_path / "journal.jsonl"
    sweep(SHORT, [0.1], [0], journal=journal, progress=False)
    first = journal.read_text()
    other_settings = first.replace('"batch_size": 32', '"batch_size": 33')
    with open(journal, "a") as file:
        file.write(first[:50] + "\n")  # a line that an interruption cut short
        file.write(other_settings.replace('"seed": 0', '"seed": 1'))
    before = journal.read_text()
    swept = sweep(SHORT, [0.1], [0, 1], journal=journal, progress=False)
    assert [one.seed for one in swept.runs] == [0, 1]
    added = journal.read_text().removeprefix(before)
    assert added.count("\n") == 1 and '"seed": 1' in added, "seed 1, and not seed 0 again"


@pytest.mark.parametrize(
    ("rates", "seeds", "message"),
    [([], [0], "at least one"), ([0.1], [], "at least one"), ([0.1, 0], [0], "above zero")],
)
def test_a_sweep_over_nothing_or_below_zero_is_refused(rates, seeds, message):
    with pytest.raises(ValueError, match=message):
        sweep(SHORT, rates, seeds, progress=False)
