"""Students' servers as units of systemd: what it is asked for, as it reads that itself.

No unit is started here: where tests run, systemd is seldom process 1.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from autograder.classroom import settings as classroom
from autograder.classroom.hub.systemd import properties
from autograder.classroom.hub.view import View
from autograder.classroom.settings import load

EXAMPLE = Path(classroom.__file__).with_name("classroom.example.yml")


@pytest.fixture
def view(tmp_path) -> View:
    for name in ("hidden", "a python", "home"):
        (tmp_path / name).mkdir()
    (tmp_path / "classroom.yml").touch()
    return View(
        hidden=(str(tmp_path / "hidden"), str(tmp_path / "classroom.yml"), "/not/there"),
        read_only=(str(tmp_path / "a python"),),
        writable=(str(tmp_path / "home"),),
    )


def test_systemd_knows_every_property(view, tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("Without systemd nothing can read a unit: apt-get install systemd.")
    unit = tmp_path / "try.service"
    lines = [
        f"{name}={each}"
        for name, value in properties(view, load(EXAMPLE).limits).items()
        for each in (value if isinstance(value, list) else [value])
    ]
    unit.write_text("\n".join(["[Service]", "ExecStart=/bin/true", *lines, ""]))
    command = ["systemd-analyze", "verify", "--man=no", str(unit)]

    def complaints() -> str:
        return subprocess.run(command, check=False, capture_output=True, text=True).stderr

    assert "try.service" not in complaints()
    unit.write_text(unit.read_text() + "TasksMx=3\n")
    assert "TasksMx" in complaints(), "it says so of one that it does not know"


def test_a_unit_hides_shows_and_bounds_what_another_server_is_given(view, tmp_path):
    found = properties(view, load(EXAMPLE).limits)
    assert found["TemporaryFileSystem"][:2] == [
        f'"{tmp_path}/hidden:ro,mode=755"',
        '"/tmp:mode=1777"',
    ]
    assert found["InaccessiblePaths"] == [f'"{tmp_path}/classroom.yml"']
    assert found["BindReadOnlyPaths"] == [f'"{tmp_path}/a python"']
    assert found["BindPaths"] == [f'"{tmp_path}/home"']
    assert (found["MemoryMax"], found["CPUQuota"], found["TasksMax"]) == (
        str(2 * 2**30),
        "100%",
        "200",
    )
