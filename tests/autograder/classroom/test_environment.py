"""What a student's server runs with: the wheel of lrlab, the hub's packages, and nothing to find."""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.classroom import environment

ROOT = Path(__file__).resolve().parents[3]

# As a kernel there would: what can be imported, from where, and how much of it can be written.
LOOK = """
import importlib.metadata, importlib.util, json, os, sys
import lrlab, torch, nbgrader, jupyterlab, busy_kernels
from lrlab.data import mnist
folder = sys.argv[1]
paths = [os.path.join(at, name) for at, folders, files in os.walk(folder) for name in (*folders, *files)]
print(json.dumps({
    "uid": os.getuid(),
    "lrlab": lrlab.__file__,
    "distribution": str(importlib.metadata.distribution("lrlab").locate_file("lrlab")),
    "torch": torch.__file__,
    "autograder": str(importlib.util.find_spec("autograder")),
    "images": len(mnist()[0]),
    "unread": [path for path in paths if not os.access(path, os.R_OK)],
    "written": [path for path in paths if os.access(path, os.W_OK) and not os.path.islink(path)],
    "path": sys.path,
}))
"""
# Shows the Python in a namespace of mounts, as the hub's spawner does, where it lies in root's home.
SHOWN = """
set -e
if [ "${2#/root/}" != "$2" ]; then
    mount --make-rprivate /
    mount --bind "$2" "$1"
    mount -t tmpfs -o mode=755 none /root
    mkdir -p "$2"
    mount --bind "$1" "$2"
fi
cd /
exec setpriv --reuid=65534 --regid=65534 --clear-groups "$3" -c "$4" "$5"
"""


def look(command: list[str]) -> dict:
    done = subprocess.run(command, cwd="/", check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_lrlab_is_the_wheel_and_all_else_the_hubs(students):
    seen = look([str(students / "bin" / "python"), "-c", LOOK, str(students)])
    assert Path(seen["lrlab"]).is_relative_to(students)
    assert Path(seen["distribution"]).is_relative_to(students)
    assert Path(seen["torch"]).is_relative_to(sys.prefix)
    assert seen["autograder"] == "None"
    assert seen["images"] == 6000
    checkout = [each for each in seen["path"] if Path(each or "/").is_relative_to(ROOT)]
    assert [each for each in checkout if not Path(each).is_relative_to(sys.prefix)] == []


def test_another_user_of_the_machine_can_run_it_and_write_nothing(students, tmp_path):
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("becoming another user needs root, and setpriv of util-linux")
    shell = ["unshare", "--mount", "sh", "-c", SHOWN, "sh", str(tmp_path), sys.base_prefix]
    seen = look([*shell, str(students / "bin" / "python"), LOOK, str(students)])
    assert seen["uid"] == 65534
    assert seen["images"] == 6000
    assert seen["unread"] == seen["written"] == []


def test_nothing_there_is_for_others_to_write(students):
    paths = [path for path in students.rglob("*") if not path.is_symlink()]
    assert len(paths) > 200
    assert [path for path in paths if path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH)] == []
    assert {path.stat().st_uid for path in paths} == {os.geteuid()}


def test_it_is_made_anew_where_it_lay_and_nowhere_else(students, tmp_path):
    before = sorted(path.relative_to(students) for path in students.rglob("*"))
    (students / "left.txt").write_text("by hand")
    environment.build(students, Path("/srv/exchange"))
    assert sorted(path.relative_to(students) for path in students.rglob("*")) == before
    assert [path.name for path in students.parent.iterdir()] == [students.name]
    settings = (students / environment.NBGRADER).read_text()
    assert "c.Exchange.root = '/srv/exchange'" in settings

    (tmp_path / "mine").write_text("")
    command = [sys.executable, "-m", "autograder.classroom", "environment", str(tmp_path)]
    done = subprocess.run(
        [*command, "--exchange", "/srv/exchange"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert f"{tmp_path} holds something else: name another folder" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_its_commands_are_those_of_the_hub(students):
    for command in (["nbgrader", "--version"], ["jupyterhub-singleuser", "--version"]):
        done = subprocess.run(
            [students / "bin" / command[0], *command[1:]],
            check=True,
            capture_output=True,
            text=True,
        )
        assert done.stdout.strip()
