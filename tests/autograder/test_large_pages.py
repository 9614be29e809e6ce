"""Gathering memory into large pages changes no value, and where Linux can do it, it is done."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
from pathlib import Path
from autograder.large_pages import gather

def in_large_pages():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("AnonHugePages"))

kept = [str(number) for number in range(600_000)]
before = in_large_pages()
gather()
assert kept == [str(number) for number in range(600_000)]
print(in_large_pages() - before)
"""


@pytest.mark.skipif(
    sys.platform != "linux" or tuple(map(int, platform.release().split(".")[:2])) < (6, 1),
    reason="it needs Linux 6.1",
)
def test_memory_is_gathered_and_holds_what_it_held():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert int(done.stdout) > 20_000, "in KiB, of about 40,000"
