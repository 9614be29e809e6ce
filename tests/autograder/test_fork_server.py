"""Servers that fork: who imports what, who waits for whom, and how they end."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest

from autograder import fork_server
from autograder.fork_server import ForkServer, connect, running

ROOT = Path(__file__).resolve().parents[2]
TRIAL = "tests.autograder.trial_server"


def asked(address: str) -> dict:
    """Return what a trial server tells."""
    with connect(address) as line:
        return json.load(line.makefile())


def ends(process: int) -> bool:
    """Return whether a process ends within a minute; one that nobody has taken note of counts."""
    for _ in range(600):
        try:
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.1)
    return False


def test_servers_share_the_import_of_torch_and_nothing_that_one_of_them_imports():
    checks = "autograder.checks.lr01_first_step"
    judge = asked(running(TRIAL, "0", os.devnull, checks).address)
    other = asked(running(TRIAL, "0").address)
    assert judge["parent"] == other["parent"] != os.getpid()
    assert "torch" in other["modules"] and checks in judge["modules"]
    ours = {name for name in other["modules"] if name.startswith("autograder.")}
    assert ours == {"autograder.faults", "autograder.serving", "autograder.large_pages"}


def test_who_asks_a_server_that_still_imports_waits_and_is_told_why(monkeypatch, caplog):
    monkeypatch.setattr(fork_server, "SILENCE", 0.1)
    asked(running(TRIAL, "0").address)
    caplog.clear()
    assert asked(running(TRIAL, "1.5").address)
    assert "Waiting for Python to import torch" in caplog.text


def test_a_server_that_cannot_import_says_why_to_everyone_who_asks_and_in_no_trace(capfd):
    for _ in range(2):
        with pytest.raises(ConnectionError) as raised:
            connect(running(TRIAL, "no number").address)
        why = r"ValueError: could not convert string to float: 'no number' \(trial_server.py, line \d+\)"
        assert re.fullmatch(why, str(raised.value))
    assert "Traceback" not in capfd.readouterr().err


def test_what_all_servers_import_and_cannot_is_told_by_each(other_modules):
    other_modules(torch='raise OSError("libcudart.so: cannot open shared object file")')
    server = ForkServer(TRIAL, "0")
    with pytest.raises(ConnectionError) as raised:
        connect(server.address)
    why = "OSError: libcudart.so: cannot open shared object file (torch.py, line 1)"
    assert str(raised.value) == why


def test_a_server_ends_when_it_is_closed():
    server = ForkServer(TRIAL, "0")
    process = asked(server.address)["server"]
    server.close()
    assert ends(process)


def test_a_server_that_was_killed_is_started_anew(monkeypatch):
    """A page of nbgrader's lives for days: it must not need to be restarted."""
    monkeypatch.setattr(fork_server, "_parent", cache(fork_server._parent.__wrapped__))
    first = asked(running(TRIAL, "0", "/dev/null", "gzip").address)
    os.kill(first["server"], signal.SIGKILL)
    assert ends(first["server"])
    second = asked(running(TRIAL, "0", "/dev/null", "gzip").address)
    assert (second["server"] != first["server"], second["parent"]) == (True, first["parent"])
    for process in (second["server"], second["parent"]):
        os.kill(process, signal.SIGKILL)
    assert ends(second["server"]) and ends(second["parent"])
    third = asked(running(TRIAL, "0", "/dev/null", "gzip").address)
    assert third["parent"] != second["parent"]


def test_servers_that_still_import_end_at_once_with_their_owner(tmp_path):
    started = tmp_path / "started"
    code = f"""
import time
from functools import cache
from pathlib import Path
from autograder.fork_server import running
running({TRIAL!r}, "600", {str(started)!r})
while not Path({str(started)!r}).exists():
    time.sleep(0.05)
"""
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    assert time.monotonic() - began < 500
    assert ends(int(started.read_text()))
