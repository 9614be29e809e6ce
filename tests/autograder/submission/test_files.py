"""The files beside a notebook: regular ones only, in order, not many, and none is followed."""

import os

import pytest

from autograder.submission.files import MAX_FILES, TIMESTAMP, archive, read_regular, student_files


def test_files_are_taken_in_order_but_no_notebook_link_pipe_or_time(tmp_path):
    for name in ("b.txt", "a/x.csv", "a/timestamp.txt", "Z.ipynb", TIMESTAMP, "c/NB.IPYNB"):
        path = tmp_path / "home" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    home = tmp_path / "home"
    (home / "link").symlink_to("/etc/passwd")
    (home / "folder").symlink_to("/etc")
    (home / "loop").symlink_to(".")
    os.mkfifo(home / "pipe")
    found = dict(student_files(home))
    assert list(found) == ["b.txt", "a/timestamp.txt", "a/x.csv"]
    assert found["b.txt"] == b"b.txt"


def test_what_nbgrader_writes_and_what_a_terminal_obeys_is_left_out(tmp_path):
    home = tmp_path / "lr01"
    for name in (
        "lr01.html",
        "lr01.ipynb/x",
        "a/lr01.html",
        "\x1b[2J",
        "a\nb/x",
        "jos\udce9",
        "c d",
    ):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("x")
    assert [name for name, _ in student_files(home, ["lr01"])] == [
        "c d",
        "jos\udce9",
        "a/lr01.html",
    ]


def test_many_files_are_cut(tmp_path, monkeypatch):
    for number in range(MAX_FILES + 9):
        (tmp_path / f"{number:03}").write_text("12345")
    assert len(list(student_files(tmp_path))) == MAX_FILES
    monkeypatch.setattr("autograder.submission.files.MAX_BYTES", 23)
    assert [name for name, _ in student_files(tmp_path)] == ["000", "001", "002", "003"]


def test_the_same_files_are_the_same_archive(tmp_path):
    names = ["b", "a", "ü ñ\n.txt", os.fsdecode(b"jos\xe9")]
    for place, order in (("one", names), ("two", names[::-1])):
        (tmp_path / place).mkdir()
        for number, name in enumerate(order):
            path = tmp_path / place / name
            path.write_text("same")
            path.chmod(0o600 if number else 0o777)
            os.utime(path, (number, number))
    assert archive(student_files(tmp_path / "one")) == archive(student_files(tmp_path / "two"))
    assert archive(student_files(tmp_path / "nowhere")) == archive([])


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
