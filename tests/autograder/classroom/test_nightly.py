"""The nightly back-up's units and its line for cron: in order, and their commands make a back-up."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from commands import in_turn

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "autograder" / "classroom"
UNITS = sorted((FOLDER / "systemd").glob("learning-rates-backup@*"))
CHECKOUT = "/opt/learning-rates/checkout"  # where an operator has it


@pytest.mark.parametrize(("broken", "status"), [(None, 0), ("03:10", 1), ("python -m", 1)])
def test_systemd_takes_the_units(tmp_path, broken, status):
    """And would not, if a time or a program in them were wrong."""
    if not shutil.which("systemd-analyze"):
        pytest.skip(
            "units are not verified, as systemd-analyze is not here: apt-get install systemd"
        )
    for unit in UNITS:
        text = unit.read_text().replace(CHECKOUT, str(ROOT))
        (tmp_path / unit.name).write_text(text.replace(broken or " ", "99 " if broken else " "))
    names = [tmp_path / unit.name.replace("@", "@learning-rates") for unit in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", *names], check=False, capture_output=True, text=True
    )
    assert (done.returncode != 0) == bool(status), done.stderr


def command_of_units() -> list[str]:
    (service,) = (unit.read_text() for unit in UNITS if unit.suffix == ".service")
    words = shlex.split(re.search("^ExecStart=(.*)$", service, re.MULTILINE)[1])
    assert words.pop(0) == f"{CHECKOUT}/.venv/bin/python"
    return ["python", *(word.replace("%i", "learning-rates") for word in words)]


def command_of_cron() -> list[str]:
    lines = (FOLDER / "cron" / "learning-rates-backup").read_text().splitlines()
    (line,) = (line for line in lines if not re.match(r"#|\w+=", line))
    times, user, command = re.fullmatch(r"((?:\S+ ){5})(\S+) (.*) >/dev/null", line).groups()
    assert times.split() == ["10", "3", "*", "*", "*"] and user == "root"
    enter, command = command.split(" && ")
    assert enter == f"cd {CHECKOUT}"
    return shlex.split(command)


def test_both_run_the_same_command_in_a_course_and_it_makes_a_back_up(course):
    words = command_of_units()
    assert words == command_of_cron()
    _, _, classroom, enter, name, *inner = words
    assert (classroom, enter, name) == ("autograder.classroom", "in", "learning-rates")
    assert inner[:2] == ["python", "-m"]
    in_turn((course, *inner[2:]))
    assert len(list((course / "backups").glob("learning-rates-*.tar.gz"))) == 1
