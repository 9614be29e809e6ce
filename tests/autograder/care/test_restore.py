"""A back-up is made, everything is destroyed, one command brings it back, and grading goes on."""

import os
import shutil
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from broken.course import NAME
from class_of_three import ADA, POINTS, ZOE, contents, points
from commands import autograder, in_turn

from autograder.care import CareError, walk
from autograder.care.back_up import back_up
from autograder.care.places import Places
from autograder.care.restore import restore
from autograder.care.unpack import check

WORK = ("submitted", "autograded", "feedback", "outcomes", ".grading")


def destroy(course: Path) -> None:
    for name in (*WORK, "solutions", "exercises"):
        shutil.rmtree(course / name)
    (course / "gradebook.db").unlink()
    shutil.rmtree(course.parent / "exchange")


def test_all_is_destroyed_and_restored_and_grading_goes_on(course):
    before = contents(course, *WORK, "solutions", "exercises", "../exchange/learning-rates/inbound")
    assert len(before) > 30
    said = autograder(course, "backup")
    (package,) = (course / "backups").glob("*.tar.gz")
    assert str(package) in said
    assert stat.S_IMODE(package.stat().st_mode) == 0o600
    assert stat.S_IMODE(package.parent.stat().st_mode) == 0o700
    destroy(course)
    said = autograder(course, "restore", str(package))
    assert "The course is as it was at" in said
    after = contents(course, *WORK, "solutions", "exercises", "../exchange/learning-rates/inbound")
    assert after == before
    assert points(course) == POINTS
    (course / "submitted" / ADA / NAME / f"{NAME}.ipynb").write_text("{")
    said = in_turn(
        (course, "autograder", "grade", NAME),
        (course, "nbgrader", "generate_feedback", NAME),
        (course, "nbgrader", "release_feedback", NAME),
    )
    assert points(course) == POINTS | {ADA: 0}, "only whose work has changed is graded again"
    assert "1 of 1" in said
    pages = course.parent / "exchange" / "learning-rates" / "feedback"
    assert len(list(pages.glob("*.html"))) == 3


def test_what_is_there_is_put_aside_and_never_overwritten(course):
    places = Places.of(course)
    package, _ = back_up(places)
    (course / "submitted" / ADA / "later.txt").write_text("later")
    (course / "solutions" / "new.txt").write_text("newer")
    restore(places, package)
    assert not (course / "submitted" / ADA / "later.txt").exists()
    (aside,) = course.glob("submitted.before-*")
    assert (aside / ADA / "later.txt").read_text() == "later"
    assert len(list(course.glob("gradebook.db.before-*"))) == 1
    assert (course / "solutions" / "new.txt").read_text() == "newer", "masters may be newer"
    assert points(course) == POINTS
    assert not list(course.glob(".*restoring*"))


def damage(path: Path, how: str) -> None:
    content = path.read_bytes()
    if how == "cut off":
        path.write_bytes(content[: len(content) * 2 // 3])
    elif how == "one bit":
        place = len(content) // 2
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    elif how == "nothing":
        path.write_bytes(b"")
    elif how == "something else":
        path.write_bytes(b"<html>" * 1000)
    else:
        with tarfile.open(path) as tar:
            entries = [(each, tar.extractfile(each)) for each in tar]
            with tarfile.open(path.with_suffix(".new"), "w:gz") as other:
                for entry, file in entries:
                    if how == "another file" and entry.name.endswith(".ipynb"):
                        entry.name = entry.name.replace(ADA, "eve")
                    if how != "no list" or entry.name != "contents.json":
                        other.addfile(entry, file)
        path.with_suffix(".new").rename(path)


@pytest.mark.parametrize(
    "how", ["cut off", "one bit", "nothing", "something else", "another file", "no list"]
)
def test_a_damaged_file_is_refused_with_a_sentence(course, how):
    places = Places.of(course)
    package, _ = back_up(places)
    damage(package, how)
    before = contents(course, ".")
    with pytest.raises(CareError, match=r"is damaged, or no package of a course, and nothing"):
        restore(places, package)
    assert contents(course, ".") == before


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("submitted/../../escaped", tarfile.REGTYPE),
        ("/tmp/escaped", tarfile.REGTYPE),
        ("submitted/link", tarfile.SYMTYPE),
        ("submitted/link", tarfile.LNKTYPE),
        ("submitted/pipe", tarfile.FIFOTYPE),
        ("submitted/device", tarfile.CHRTYPE),
    ],
)
def test_nothing_but_files_below_their_folder_comes_out_of_a_package(course, name, kind):
    places = Places.of(course)
    package, _ = back_up(places)
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, "/etc/passwd"
    with tarfile.open(package) as tar, tarfile.open(package.with_suffix(".new"), "w:gz") as other:
        for each in tar:
            if each.name == "contents.json":
                other.addfile(entry)
            other.addfile(each, tar.extractfile(each))
    before = contents(course.parent, ".")
    with pytest.raises(CareError, match="is damaged"):
        restore(places, package.with_suffix(".new"))
    package.with_suffix(".new").unlink()
    del before[f"course/backups/{package.with_suffix('.new').name}"]
    assert contents(course.parent, ".") == before


def test_what_students_put_there_is_taken_without_following_anything(course, monkeypatch):
    monkeypatch.setattr(walk, "MAX_FILE", 50_000)
    monkeypatch.setattr(walk, "MAX_BYTES", 120_000)
    secret = course.parent / "secret"
    secret.mkdir()
    (secret / "answers.txt").write_text("42")
    home = course / "submitted" / ZOE / NAME
    (home / "answers.txt").symlink_to(secret / "answers.txt")
    (home / "folder").symlink_to(secret)
    (home / "nowhere").symlink_to("nowhere")
    os.mkfifo(home / "pipe")
    odd = ["\udcff\n\x1b[2J", "%s{}*", "-rf", "contents.json", "ﷺ" * 80]
    for name in odd:
        (home / name).write_text(name.encode("utf-8", "replace").decode())
    with (home / "holes").open("wb") as file:
        file.truncate(10**12)
    for number in range(4):
        (home / f"much{number}").write_bytes(bytes(40_000))
    deep = home
    for _ in range(walk.MAX_DEPTH):
        deep = deep / "d"
        deep.mkdir()
    places = Places.of(course)
    package, said = back_up(places)
    left = check(package).left
    (told,) = said
    assert told.isascii() and "(it is a link)" in told and "3 more" in told
    reasons = {Path(name).name: reason for name, reason in left.items()}
    assert {name: reasons[name] for name in ("answers.txt", "folder", "nowhere")} == dict.fromkeys(
        ("answers.txt", "folder", "nowhere"), "it is a link"
    )
    assert reasons["pipe"] == "it is no regular file"
    assert "bytes" in reasons["holes"] and "bytes" in reasons["much3"]
    assert "d" in reasons
    with tarfile.open(package) as tar:
        names = tar.getnames()
    assert not [name for name in names if "/folder/" in name or name.endswith("answers.txt")]
    restore(places, package)
    there = {path.name for path in home.iterdir()}
    assert set(odd) | {"much0", "timestamp.txt"} <= there
    assert not there & {"answers.txt", "folder", "nowhere", "pipe", "holes", "much3"}
    assert not any(path.is_symlink() for path in course.joinpath("submitted").rglob("*"))


FULL = """
mount -t tmpfs -o size={size}k disk "$1" && cd "$2" && cp "$3"/* "$1" && {python} -m autograder backup
status=$?; ls -A "$1"; exit $status
"""


def test_a_full_disk_leaves_the_older_ones(course, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    places = Places.of(course)
    package, _ = back_up(places)
    with (course / "nbgrader_config.py").open("a") as settings:
        settings.write(f"\nc.BackUp.folder = {str(disk)!r}\n")
    (course / "submitted" / ADA / "noise").write_bytes(os.urandom(400_000))
    size = package.stat().st_size // 1000 + 250  # the gradebook fits in, and not all the rest
    script = FULL.format(size=size, python=sys.executable)
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", disk, course, package.parent],
        check=False,
        capture_output=True,
        text=True,
    )
    if "unshare" in done.stderr or "mount" in done.stderr:
        pytest.skip(f"no disk can be made full here, as it needs user namespaces: {done.stderr}")
    assert done.returncode == 1, done.stdout
    assert "what was there is as it was: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout.split() == [package.name]


def test_of_today_all_are_kept_and_of_each_earlier_day_the_last(course):
    places = Places.of(course)
    folder = course / "backups"
    folder.mkdir()
    days = [f"2026-01-{day:02}" for day in range(1, 21)]
    for day in days:
        for time in ("031000.000", "120000.000"):
            (folder / f"learning-rates-{day}T{time}Z.tar.gz").touch()
    others = ["learning-rates-old.tar.gz", "other-2026-01-01T031000.000Z.tar.gz", "notes"]
    for name in others:
        (folder / name).touch()
    (folder / ".learning-rates-2026-01-01T031000.000Z.tar.gz.partial").touch()
    (folder / ".gradebook-killed").mkdir()
    first, _ = back_up(places)
    kept = {path.name for path in folder.iterdir()}
    assert kept == {
        *others,
        first.name,
        *(f"learning-rates-{day}T120000.000Z.tar.gz" for day in days[-13:]),
    }
