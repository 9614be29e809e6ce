"""The digest of what was handed in: it changes with the work, with nothing else, and costs little."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.submission import content
from autograder.submission.content import content_digest
from autograder.submission.tree import MAX_ENTRIES


@pytest.fixture
def home(tmp_path) -> Path:
    """A submission: a notebook, a file in a folder, and what nbgrader writes."""
    folder = tmp_path / "home"
    for name in ("lr00.ipynb", "data/rates.csv", "timestamp.txt", "submission_secret.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def renamed(folder: Path) -> None:
    (folder / "lr00.ipynb").rename(folder / "lr00 (1).ipynb")


def moved(folder: Path) -> None:
    (folder / "data" / "rates.csv").rename(folder / "rates.csv")


def swapped(folder: Path) -> None:
    """Two files have each other's content."""
    (folder / "lr00.ipynb").write_text("data/rates.csv")
    (folder / "data" / "rates.csv").write_text("lr00.ipynb")


def edited_with_its_time_and_size_kept(folder: Path) -> None:
    path = folder / "lr00.ipynb"
    times = path.stat()
    path.write_text("lr11.ipynb")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def added(folder: Path) -> None:
    (folder / "empty.txt").touch()


def removed(folder: Path) -> None:
    (folder / "data" / "rates.csv").unlink()


def replaced_by_a_link(folder: Path) -> None:
    (folder / "lr00.ipynb").rename(folder.parent / "elsewhere")
    (folder / "lr00.ipynb").symlink_to(folder.parent / "elsewhere")


@pytest.mark.parametrize(
    "change",
    [
        renamed,
        moved,
        swapped,
        edited_with_its_time_and_size_kept,
        added,
        removed,
        replaced_by_a_link,
    ],
)
def test_a_change_of_what_is_there_is_another_digest(home, change: Callable):
    before = content_digest(home)
    change(home)
    assert content_digest(home) != before


def touched(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        os.utime(path, (0, 0))
        path.chmod(0o700)


def stamped(folder: Path) -> None:
    for name in ("timestamp.txt", "submission_secret.txt"):
        (folder / name).write_text("another")


def opened_in_jupyter(folder: Path) -> None:
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "lr00-checkpoint.ipynb").write_text("{}")


@pytest.mark.parametrize("change", [touched, stamped, opened_in_jupyter])
def test_what_is_not_the_students_work_is_the_same_digest(home, change: Callable):
    before = content_digest(home)
    change(home)
    assert content_digest(home) == before
    copied = shutil.copytree(home, home.with_name("copied"))
    assert content_digest(copied) == before


def test_a_folder_that_is_not_there_or_closed_has_a_digest(tmp_path, home):
    assert content_digest(tmp_path / "nowhere") != content_digest(home)


def test_a_file_past_all_bytes_counts_by_its_time(home, monkeypatch):
    monkeypatch.setattr(content, "MAX_BYTES", 30)
    (home / "large.bin").write_bytes(b"a" * 20)
    before = content_digest(home)
    (home / "large.bin").write_bytes(b"b" * 20)
    os.utime(home / "large.bin", (5, 5))
    assert content_digest(home) != before
    (home / "lr00.ipynb").write_text("lr11.ipynb")  # the small ones are read first
    os.utime(home / "lr00.ipynb", (5, 5))
    changed = content_digest(home)
    os.utime(home / "lr00.ipynb", (6, 6))
    assert content_digest(home) == changed


def sparse(folder: Path) -> None:
    for number in range(20):
        with (folder / f"{number}.bin").open("wb") as file:
            file.truncate(2**40)


def sparse_and_just_small_enough(folder: Path) -> None:
    for number in range(500):
        with (folder / f"{number}.bin").open("wb") as file:
            file.truncate(content.MAX_FILE)


def pipes_and_links(folder: Path) -> None:
    for number in range(50):
        os.mkfifo(folder / f"pipe{number}")
        (folder / f"zero{number}").symlink_to("/dev/zero")
    (folder / "loop").symlink_to(".")


def thousands(folder: Path) -> None:
    for number in range(MAX_ENTRIES + 500):
        (folder / f"a{number}").touch()


def deep(folder: Path) -> None:
    place = os.open(folder, os.O_RDONLY)
    for _ in range(600):
        os.mkdir("d", dir_fd=place)
        below = os.open("d", os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = below
    os.close(place)


@pytest.mark.parametrize(
    "make", [sparse, sparse_and_just_small_enough, pipes_and_links, thousands, deep]
)
def test_nothing_makes_it_expensive_or_hides_a_changed_notebook(home, make: Callable):
    """Processor time, so that a machine under load does not matter."""
    (home / "0000.ipynb").write_text("[1]")
    make(home)
    start = time.process_time()
    before = content_digest(home)
    assert time.process_time() - start < 4
    (home / "0000.ipynb").write_text("[2]")
    assert content_digest(home) != before


def test_a_file_that_goes_or_turns_into_a_pipe_meanwhile_is_no_crash(home, monkeypatch):
    def vanish(path: Path, most: int) -> bytes:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(content, "read_regular", vanish)
    assert content_digest(home)
