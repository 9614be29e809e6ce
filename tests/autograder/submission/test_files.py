"""The files beside a notebook: what is taken, and a word on everything that is not."""

import io
import os
import tarfile

import pytest

from autograder.submission.files import (
    MAX_FILES,
    SECRET,
    TIMESTAMP,
    archive,
    read_regular,
    shown,
    student_files,
    unpack,
)


@pytest.fixture
def home(tmp_path):
    """The folder of a submission."""
    (tmp_path / "lr01").mkdir()
    return tmp_path / "lr01"


def put(folder, *names, content="x"):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


def sparse(path, size):
    """Make a file of ``size`` bytes that takes no room."""
    path.touch()
    os.truncate(path, size)


def test_files_and_notebooks_are_taken_but_not_the_graded_one_nor_what_nbgrader_wrote(home):
    put(home, "b.txt", "a/x.csv", "a/timestamp.txt", "lr01.ipynb", "repair.ipynb", "lr01.html")
    put(home, TIMESTAMP, SECRET)
    files = student_files(home, "lr01.ipynb")
    names = ["a/timestamp.txt", "a/x.csv", "b.txt", "lr01.html", "repair.ipynb"]
    assert list(files.taken) == names
    assert files.taken["b.txt"] == b"x"
    assert files.problems == []


def test_what_is_no_file_is_named_with_the_reason(home):
    put(home, "good.txt", "jos\udce9", "closed/x")
    (home / "data").symlink_to("/etc")
    (home / "loop").symlink_to(".")
    os.mkfifo(home / "pipe")
    files = student_files(home)
    assert list(files.taken) == ["closed/x", "good.txt", "jos\udce9"]
    (sentence,) = files.problems
    assert "data and loop were not taken: links are not followed; pipe was not taken" in sentence


def test_a_name_that_a_terminal_obeys_is_not_taken_and_shown_without_harm(home):
    put(home, "\x1b[2J", "a\nb/x", "c d")
    files = student_files(home)
    assert list(files.taken) == ["c d"]
    (sentence,) = files.problems
    assert "�[2J and a�b were not taken" in sentence
    assert shown("x" * 300 + "\udce9.txt") == "..." + "x" * 75 + "?.txt"


def test_what_tools_leave_behind_takes_no_room_and_no_word(home):
    put(home, *(f".git/objects/{number:03}" for number in range(MAX_FILES + 9)))
    put(
        home,
        "env/pyvenv.cfg",
        "env/lib/torch.py",
        "conda/conda-meta/x",
        "src/__pycache__/a.pyc",
        "src/a.py",
        "._a.py",
    )
    put(home, "__MACOSX/._a.py", ".DS_Store", ".ipynb_checkpoints/lr01.ipynb", ".settings.json")
    files = student_files(home)
    assert list(files.taken) == [".settings.json", "src/a.py"]
    assert files.left == {}


def test_of_too_many_files_those_go_of_which_there_are_many_alike(home):
    put(home, *(f"frame_{number:04}.png" for number in range(MAX_FILES + 5)))
    put(home, "notes.txt", "src/my_helpers.py", content="larger than any of the pictures")
    files = student_files(home)
    assert len(files.taken) == MAX_FILES
    assert {"notes.txt", "src/my_helpers.py", "frame_0000.png"} < files.taken.keys()
    (sentence,) = files.problems
    assert "frame_2000.png and 4 more were not taken: there are 2,007 files, 2,000" in sentence


def test_a_large_file_is_named_with_its_size_and_displaces_no_other(home):
    sparse(home / "checkpoint.pt", 60_000_000)
    put(home, "a.txt", "z/notes.txt")
    files = student_files(home)
    assert list(files.taken) == ["a.txt", "z/notes.txt"]
    assert files.problems == [
        "Of your files, checkpoint.pt was not taken: 60 MB, 50 MB are allowed."
    ]


def test_of_too_many_bytes_the_largest_files_go(home):
    for name, size in {"a.pt": 24, "b.pt": 25, "c.pt": 1, "d.pt": 24}.items():
        sparse(home / name, size * 10**6)
    files = student_files(home)
    assert list(files.taken) == ["a.pt", "c.pt", "d.pt"]
    assert files.problems == [
        "Of your files, b.pt was not taken: all together have 74 MB, 50 MB are allowed."
    ]


def test_accents_of_a_mac_are_those_of_a_keyboard(home):
    put(home, "donne\u0301es.csv", content="from a Mac")
    assert list(student_files(home).taken) == ["donn\xe9es.csv"]
    put(home, "donn\xe9es.csv", content="another")
    taken = {"donne\u0301es.csv": b"from a Mac", "donn\xe9es.csv": b"another"}
    assert student_files(home).taken == taken


def test_paths_are_those_beside_a_notebook_that_lies_deeper(home):
    put(home, "lr01/lr01.ipynb", "lr01/data/x.csv", "lr01/timestamp.txt", "above.txt", TIMESTAMP)
    files = student_files(home, "lr01/lr01.ipynb")
    assert list(files.taken) == ["data/x.csv"]
    assert files.problems == [
        "Of your files, above.txt was not taken: it does not lie beside the notebook."
    ]


def test_what_the_instructor_gave_is_no_file_of_the_students(home):
    put(home, "data/small.csv", "mine.csv")
    sparse(home / "data" / "large.csv", 60_000_000)
    files = student_files(home, given=["data/small.csv", "data/large.csv"])
    assert (list(files.taken), files.problems) == (["mine.csv"], [])


def test_a_folder_that_cannot_be_read_has_no_files(tmp_path):
    files = student_files(tmp_path / "nowhere")
    assert (files.taken, files.problems) == ({}, [])


def test_folders_without_end_and_without_number_are_looked_into_up_to_a_bound(home):
    path = home
    for _ in range(300):
        path = path / "d"
        os.mkdir(path)
    put(home, *(f"f{number:04}/x" for number in range(1_500)), "z.txt")
    files = student_files(home)
    assert "z.txt" in files.taken and len(files.taken) == 1_000
    (sentence,) = files.problems
    assert "only 1,000 folders are looked into" in sentence and len(sentence) < 300


def test_the_same_files_are_the_same_archive(tmp_path):
    names = ["b", "a", "ü ñ.txt", os.fsdecode(b"jos\xe9")]
    for place, order in (("one", names), ("two", names[::-1])):
        (tmp_path / place).mkdir()
        for number, name in enumerate(order):
            path = tmp_path / place / name
            path.write_text("same")
            path.chmod(0o600 if number else 0o777)
            os.utime(path, (number, number))
    one, two = (archive(student_files(tmp_path / place).taken.items()) for place in ("one", "two"))
    assert one == two != archive([])


def test_only_regular_files_are_read_and_none_stays_open(tmp_path):
    (tmp_path / "file").write_text("12345")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    os.mkfifo(tmp_path / "pipe")
    before = os.listdir("/proc/self/fd")
    assert read_regular(tmp_path / "file", 5) == b"12345"
    for name, most, reason in (
        ("file", 4, "it is too large"),
        ("link", 5, "it is a link"),
        ("pipe", 5, "it is no regular file"),
        (".", 5, "it is a folder"),
        ("gone", 5, "No such file or directory"),
        ("/dev/zero", 5, "it is no regular file"),
    ):
        with pytest.raises(OSError) as caught:
            read_regular(tmp_path / name, most)
        assert caught.value.strerror == reason
    assert os.listdir("/proc/self/fd") == before


def test_what_was_packed_is_unpacked_with_its_names_and_one_time(tmp_path):
    files = {
        "a.txt": b"a",
        "data/deep/b.bin": b"\0\xff",
        "jos\udce9 \u00e9.txt": b"",
        "x" * 200: b"x",
    }
    unpack(io.BytesIO(archive(files.items())), tmp_path)
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {str(path.relative_to(tmp_path)): path.read_bytes() for path in found} == files
    assert {path.stat().st_mtime for path in found} == {0}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../outside", tarfile.REGTYPE),
        ("a/../../outside", tarfile.REGTYPE),
        ("/outside", tarfile.REGTYPE),
        ("link", tarfile.SYMTYPE),
        ("link", tarfile.LNKTYPE),
        ("pipe", tarfile.FIFOTYPE),
        ("device", tarfile.CHRTYPE),
        ("device", tarfile.BLKTYPE),
    ],
)
def test_only_files_below_the_folder_are_unpacked(tmp_path, name, kind):
    packed, home = io.BytesIO(), tmp_path / "home"
    home.mkdir()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kind, "../outside"
        tar.addfile(entry)
    packed.seek(0)
    with pytest.raises(ValueError, match="is no file of an archive of ours"):
        unpack(packed, home)
    assert [*tmp_path.rglob("*")] == [home]
