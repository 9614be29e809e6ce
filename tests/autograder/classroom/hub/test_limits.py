"""The control group of a server, in trees of both versions.

The real one is tried by `test_running_hub`, in whatever version this machine has. Here folders stand
for the trees, so that both are seen anywhere.
"""

import errno
import os
from pathlib import Path

import pytest

from autograder.classroom.hub import limits
from autograder.classroom.hub.limits import Group

BOUNDS = {"memory": 2**30, "cpu": 0.5, "processes": 100}
FILES = {
    2: ("memory.max", "memory.swap.max", "cpu.max", "pids.max"),
    "memory": ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes"),
    "cpu": ("cpu.cfs_period_us", "cpu.cfs_quota_us"),
    "pids": ("pids.max",),
}


@pytest.fixture
def tree(tmp_path, monkeypatch) -> Path:
    """An empty folder in place of the system's tree, in which a new folder has its files at once."""
    monkeypatch.setattr(limits, "TREE", tmp_path / "cgroup")
    monkeypatch.setattr(limits, "OWN", tmp_path / "own")
    stock = Path.mkdir

    def mkdir(path: Path, *arguments: object, **options: object) -> None:
        stock(path, *arguments, **options)
        for names in FILES.values():
            for name in (*names, "cgroup.procs", "cgroup.subtree_control"):
                (path / name).touch()

    monkeypatch.setattr(Path, "mkdir", mkdir)
    (tmp_path / "cgroup").mkdir()
    return tmp_path / "cgroup"


def bounds(folder: Path, version: int | str) -> dict[str, str]:
    return {name: (folder / name).read_text() for name in FILES[version]}


def test_version_1_has_a_group_in_the_tree_of_each_controller(tree):
    (tree.parent / "own").write_text("3:memory:/a/b\n2:cpu,cpuacct:/\n1:pids:/\n0::/\n")
    for name in ("memory", "cpu", "pids"):
        (tree / name).mkdir()
    Group("ada", **BOUNDS).join()
    for name, folder in {
        "memory": tree / "memory" / "a" / "b" / "classroom" / "ada",
        "cpu": tree / "cpu" / "classroom" / "ada",
        "pids": tree / "pids" / "classroom" / "ada",
    }.items():
        assert (folder / "cgroup.procs").read_text() == "0"
        assert set(bounds(folder, name).values()) <= {str(2**30), "100000", "50000", "100"}
    assert (tree / "cpu" / "classroom" / "ada" / "cpu.cfs_quota_us").read_text() == "50000"


@pytest.mark.parametrize("busy", [True, False])
def test_version_2_has_one_and_the_hub_makes_room_where_it_must(tree, monkeypatch, busy):
    """In all groups but the machine's own root, no process stands beside groups: the system says EBUSY.

    Tried by hand on Linux 6.1: twice the memory is killed, 39 forks of 40, 0.50 of half a processor.
    """
    (tree.parent / "own").write_text("0::/unit\n")
    own = tree / "unit"
    own.mkdir()
    (own / "cgroup.controllers").write_text("cpuset cpu io memory pids")
    (own / "cgroup.procs").write_text(f"{os.getpid()}\n")
    stock = limits._write

    def write(path: Path, text: str) -> None:
        if busy and path == own / "cgroup.subtree_control" and not (own / "hub").exists():
            raise OSError(errno.EBUSY, "Device or resource busy")
        stock(path, text)

    monkeypatch.setattr(limits, "_write", write)
    Group("ada", **BOUNDS).join()
    if busy:
        assert (own / "hub" / "cgroup.procs").read_text() == str(os.getpid())
    assert (own / "hub").exists() == busy
    assert (own / "cgroup.subtree_control").read_text() == "+memory +cpu +pids"
    assert (own / "classroom" / "cgroup.subtree_control").read_text() == "+memory +cpu +pids"
    assert bounds(own / "classroom" / "ada", 2) == {
        "memory.max": str(2**30),
        "memory.swap.max": "0",
        "cpu.max": "50000 100000",
        "pids.max": "100",
    }


@pytest.mark.parametrize("own", ["0::/\n", "1:memory:/\n2:pids:/\n0::/\n"])
def test_a_machine_without_groups_is_named_and_nothing_is_half_bounded(tree, own):
    (tree.parent / "own").write_text(own)
    for name in ("memory", "pids"):
        (tree / name).mkdir()
    with pytest.raises(OSError, match="no control group for .*cpu"):
        Group("ada", **BOUNDS)
    assert list(tree.rglob("ada")) == []
