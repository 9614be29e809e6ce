"""What a student hands in: whole or not at all, and nobody else's to read."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from nbgrader.auth import Authenticator
from nbgrader.exchange import ExchangeError
from nbgrader.server_extensions.assignment_list import handlers
from requests import ConnectionError

from exchange.people import give
from lrlab import handing_in


def put(school, person, name: str, size: int) -> Path:
    """Put a file without content, of a size, beside the notebook of somebody."""
    path = school.lab(person) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.truncate(path, size)
    give(person.home / school.name, person)
    return path


@contextmanager
def small_disk(place: Path, size: str, owner) -> Iterator[None]:
    """Put a disk of a size where a folder is, with the folder's rights."""
    old = place.stat()
    kept = shutil.copytree(place, place.with_name("kept"), copy_function=shutil.copy2)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], check=True)
    try:
        shutil.copytree(kept, place, dirs_exist_ok=True)
        give(place, owner)
        place.chmod(stat.S_IMODE(old.st_mode))
        yield
    finally:
        subprocess.run(["umount", place], check=True)
        shutil.rmtree(kept)


def refused(action: Callable, *arguments: object) -> bool:
    """Return whether the system refuses what somebody does."""
    try:
        action(*arguments)
    except PermissionError:
        return True
    return False


def test_it_is_the_courses_to_read_and_nobody_elses(school):
    put(school, school.ada, "data/more/rates.csv", 10)
    school.submit(school.ada)
    (place,) = school.handed_in
    found = {path: path.stat() for path in (place, *place.rglob("*"))}
    assert len(found) == 7
    group = school.course.account.pw_gid
    for path, status in found.items():
        assert (status.st_uid, status.st_gid) == (school.ada.account.pw_uid, group), path
        wanted = 0o2770 if path.is_dir() else 0o640
        assert stat.S_IMODE(status.st_mode) == wanted, path
    notebook = place / "lab.ipynb"
    assert school.course.does(notebook.read_text) == "1"


def test_another_student_who_knows_where_it_lies_can_do_nothing_with_it(school):
    school.submit(school.ada)
    (place,) = school.handed_in
    notebook = place / "lab.ipynb"
    attempts = [
        (os.listdir, school.inbound),
        (os.listdir, place),
        (notebook.read_text,),
        (notebook.stat,),
        (notebook.write_text, "mine"),
        ((place / "new").mkdir,),
        (place.chmod, 0o777),
        (place.rename, place.with_name("mine")),
        (shutil.rmtree, place),
        (os.rename, school.inbound, school.inbound.with_name("theirs")),
        (os.rename, school.inbound.parent, school.root / "mine"),
        ((school.root / "another-course").mkdir,),
    ]
    for attempt in attempts:
        assert school.bob.does(refused, *attempt), attempt
    cache = school.ada.home / ".local/share/jupyter/nbgrader_cache" / school.name
    assert {path.stat().st_mode & 0o077 for path in cache.iterdir()} == {0}


def test_a_full_disk_is_one_sentence_and_leaves_what_was_handed_in_before(school):
    school.submit(school.ada, "first")
    put(school, school.ada, "data.bin", 3_000_000)
    with small_disk(school.inbound, "2M", school.course):
        give(school.handed_in[0], school.ada)
        for path in (school.handed_in[0], *school.handed_in[0].iterdir()):
            os.chown(path, -1, school.course.account.pw_gid)
        before = sorted(os.listdir(school.inbound))
        with pytest.raises(ExchangeError) as failed:
            school.submit(school.ada, "second")
        assert str(failed.value) == (
            "lab was not handed in: the disk for submissions is full. What you handed in before is "
            "still there. Tell your instructor, and submit again later."
        )
        assert sorted(os.listdir(school.inbound)) == before
        school.collect()
    assert school.collected(school.ada) == "first"
    assert len(school.cached(school.ada)) == 1, "nbgrader would list what never arrived"
    school.submit(school.ada, "second")
    school.collect()
    assert school.collected(school.ada) == "second"


def test_a_full_home_is_one_sentence_and_nothing_is_handed_in(school):
    put(school, school.ada, "data.bin", 3_000_000)
    cache = school.cache(school.ada)
    cache.mkdir(parents=True)
    give(school.ada.home, school.ada)
    with small_disk(cache, "1M", school.ada):
        with pytest.raises(ExchangeError, match="the disk of your files is full. Delete what you"):
            school.submit(school.ada)
        assert os.listdir(cache) == []
    assert os.listdir(school.inbound) == []


def test_too_much_is_refused_with_the_sizes_before_anything_is_copied(school):
    put(school, school.ada, "runs/model.pt", 250_000_000)
    put(school, school.ada, "data.npz", 62_000_000)
    put(school, school.ada, "small.csv", 1_000)
    put(school, school.ada, "__pycache__/ignored.pyc", 500_000_000)
    with pytest.raises(ExchangeError) as failed:
        school.submit(school.ada)
    assert str(failed.value) == (
        "lab was not handed in: its files have 312.0 MB, and 100.0 MB are allowed. The largest: "
        "runs/model.pt (250.0 MB), data.npz (62.0 MB), small.csv (0.0 MB). Move what the notebook "
        f"does not need out of {school.lab(school.ada)}, and submit again. A notebook gets small "
        "with Edit, Clear Outputs of All Cells."
    )
    assert os.listdir(school.inbound) == []
    assert not school.cache(school.ada).exists()


def test_one_file_that_is_too_large_is_not_left_out_in_silence(school):
    put(school, school.ada, "model.pt", 3_000_000)
    with pytest.raises(ExchangeError, match=r"3\.0 MB, and 100\.0 MB are allowed, 2\.0 MB in one"):
        school.submit(school.ada, CourseDirectory__max_file_size=2_000)


def test_too_many_files_are_refused_with_where_they_lie(school, monkeypatch):
    monkeypatch.setattr(handing_in.submit, "MAX_FILES", 3)
    for number in range(4):
        put(school, school.ada, f".venv/lib/{number}.py", 1)
    with pytest.raises(ExchangeError, match=r"it has 5 files, and 3 .* Of these 4 lie in \.venv\."):
        school.submit(school.ada)


def test_what_is_no_file_is_named_and_the_rest_handed_in(school):
    elsewhere = put(school, school.ada, "../elsewhere.csv", 5)
    lab = school.lab(school.ada)

    def make() -> None:
        os.mkfifo(lab / "pipe")
        (lab / "dangling").symlink_to("nowhere")
        (lab / "folder").symlink_to("/etc")
        (lab / "linked.csv").symlink_to(elsewhere)
        with socket.socket(socket.AF_UNIX) as listening:
            os.chdir(lab)
            listening.bind("socket")

    school.ada.does(make)
    said = school.submit(school.ada)
    (sentence,) = (line for line in said if line.startswith("Not handed in, as these are no files"))
    assert sorted(sentence.split(": ")[1].split(", ")) == ["dangling", "folder", "pipe", "socket"]
    (place,) = school.handed_in
    assert (place / "linked.csv").stat().st_size == 5
    assert not (place / "linked.csv").is_symlink() and not (place / "folder").exists()


def test_a_hub_that_restarts_stops_nobody_from_handing_in(school, monkeypatch):
    def nobody_there(*_: object) -> None:
        raise ConnectionError("Connection refused")

    class Restarting(Authenticator):
        has_access = nobody_there

    real = Authenticator
    monkeypatch.setattr("exchange.conftest.Authenticator", Restarting)
    assert handing_in.submit.Authenticator is real
    said = school.submit(school.ada)
    assert any(line.startswith("The hub does not say who takes part") for line in said)
    assert len(school.handed_in) == 1


def test_who_is_killed_on_the_way_has_handed_in_nothing(school, monkeypatch):
    school.submit(school.ada, "first")
    calls = []
    copy = shutil.copyfileobj

    def killed_at_last(source, target) -> None:
        calls.append(target.name)
        copy(source, target)
        if "inbound" in target.name:
            os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patch:
        patch.setattr("lrlab.handing_in.aside.shutil.copyfileobj", killed_at_last)
        with pytest.raises(AssertionError, match="was killed"):
            school.submit(school.ada, "second")
    assert len(os.listdir(school.inbound)) == 2 and len(school.handed_in) == 1
    school.collect()
    assert school.collected(school.ada) == "first"
    (left,) = school.inbound.glob(".*")
    assert left.exists(), "it may be arriving still"
    tomorrow = time.time() + 90_000
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: tomorrow)
        school.collect()
    assert not left.exists() and len(school.handed_in) == 1


def test_an_exchange_that_would_give_it_another_group_is_refused(school):
    school.inbound.chmod(0o1733)
    with pytest.raises(ExchangeError, match="Tell your instructor to release the assignment again"):
        school.submit(school.ada)
    school.release(ExchangeReleaseAssignment__force=True)
    school.submit(school.ada)


def test_jupyterlab_shows_the_sentence_and_no_trace(school):
    """What the extension answers, in a student's server, is what the dialog shows."""
    put(school, school.ada, "model.pt", 300_000_000)
    settings = (
        "from lrlab.handing_in import plug_in\nc = get_config()\nplug_in(c)\n"
        f"c.Exchange.root = {str(school.root)!r}\nc.Exchange.path_includes_course = True\n"
    )
    (school.ada.home / "nbgrader_config.py").write_text(settings)
    give(school.ada.home, school.ada)

    def press() -> dict:
        server = handlers.AssignmentList()
        server.root_dir = str(school.ada.home)
        return server.submit_assignment(school.name, "lab")

    answer = school.ada.does(press)
    assert answer["success"] is False
    assert answer["value"].startswith("lab was not handed in: its files have 300.0 MB")
    assert "\n" not in answer["value"]
