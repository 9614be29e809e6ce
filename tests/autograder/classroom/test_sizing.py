"""The program that measures what a student costs, on a small class; and what it measures with."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from autograder.classroom import settings
from autograder.classroom.hub.proxy import node
from autograder.classroom.sizing import parts

ROOT = Path(__file__).resolve().parents[3]
RECORD = json.loads((ROOT / "book" / "classroom" / "sizing.json").read_text())
HUNGRY = """
import os, time
if os.fork():
    os._exit(0)  # an orphan goes on
taken = bytearray(os.urandom(1024) * 100 * 1024)
while time.process_time() < 0.5:
    pass
"""


def test_what_an_orphan_uses_is_counted():
    """In a process of its own, which adopts it."""
    program = (
        "import subprocess, sys, os\n"
        "from autograder.classroom.sizing.processes import Meter, adopt_orphans\n"
        "adopt_orphans()\n"
        "with Meter(os.getpid()) as used:\n"
        "    subprocess.run([sys.executable, '-c', sys.argv[1]])\n"
        "    os.wait()\n"
        "print(used.peak, used.seconds)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, HUNGRY], cwd=ROOT, check=True, capture_output=True
    )
    peak, seconds = map(float, done.stdout.split())
    assert 100 < peak < 200 and 0.2 < seconds < 3


def test_it_measures_a_class_of_one(tmp_path):
    try:
        node()
    except LookupError as error:
        pytest.skip(f"needs the hub's proxy. {error}")
    small = [
        "--rounds",
        "1",
        "--students",
        "1",
        "--idle",
        "1",
        "--chapters",
        "01_first_step",
        "--assignments",
    ]
    command = [sys.executable, "-m", "autograder.classroom.sizing", *small]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, check=True, env=environment, stdout=subprocess.PIPE)
    found = json.loads(done.stdout)
    for part, figures in found["parts"].items():
        assert figures.keys() == RECORD["parts"][part].keys()
    server, kernel = (found["parts"][each]["memory"]["median"] for each in ("server", "reading"))
    assert 20 < server < kernel  # MiB: a kernel has imported torch
    assert found["provenance"].keys() == RECORD["provenance"].keys()
    assert "01_first_step" == found["parts"]["reading"]["chapter"]


def test_a_submission_is_measured_while_it_is_graded():
    used = parts._grade_class("lr01_first_step", 1)
    assert used["memory"] > 100 and used["seconds"] > 1


def test_a_cluster_sets_aside_what_was_measured():
    measured = RECORD["parts"]
    alone = {part: measured[part]["memory"]["median"] for part in ("server", "reading", "training")}
    text = (ROOT / "autograder/classroom/kubernetes/hub.yaml").read_text()
    guarantee = yaml.safe_load(text)["singleuser"]["memory"]["guarantee"]
    assert guarantee.endswith("G")  # GiB, for KubeSpawner
    assert int(guarantee[:-1]) * 1024 >= alone["server"] + alone["reading"]
    example = settings.load(ROOT / "autograder" / "classroom" / "classroom.example.yml")
    assert example.limits.memory / 2**20 >= alone["server"] + alone["training"]
