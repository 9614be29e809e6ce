"""What the course takes from the exchange, where students are hostile, machines fail and time passes."""

import fcntl
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.utils import parse_utc

from autograder.exchange import arrived
from autograder.grading.staged_result import StagedResult
from exchange.conftest import add_course
from exchange.people import PREFIX, give
from exchange.test_handing_in import small_disk

SOON = timedelta(minutes=5)  # on a busy machine a test may take minutes
LIE = "2001-01-01 00:00:00.000000 UTC"


def by_hand(school, student, answer: str = "1", claims: str = "", more: Callable = Path) -> Path:
    """Have a student put a folder into the exchange without nbgrader, with more than a notebook.

    claims: whose it is, in the student's words; ``more`` is called with the folder.
    """
    place = school.inbound / f"{claims or student.name}+lab+{LIE}+random"

    def put() -> None:
        os.umask(0o007)
        place.mkdir()
        (place / "lab.ipynb").write_text(answer)
        (place / "timestamp.txt").write_text(LIE)
        more(place)

    student.does(put)
    return place


def time_of(school, student) -> datetime:
    return parse_utc((school.place(student) / "timestamp.txt").read_text().strip())


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def due(school, at: datetime) -> None:
    """Set when the assignment is due."""
    with Gradebook(f"sqlite:///{school.folder / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment("lab", duedate=at)


def test_each_students_newest_is_collected_and_the_command_says_what_it_did(school):
    school.submit(school.ada, "ada's first")
    school.submit(school.bob, "bob's")
    school.submit(school.ada, "ada's second")
    said = school.collect()
    assert f"Collecting submission: {PREFIX}ada lab" in said
    assert school.collected(school.ada) == "ada's second"
    assert school.collected(school.bob) == "bob's"
    assert abs(time_of(school, school.ada) - now()) < SOON
    assert f"No newer submission to collect: {PREFIX}ada lab" in school.collect()
    school.submit(school.ada, "ada's third")
    said = school.collect(ExchangeCollect__update=False)
    assert f"Submission already exists, use --update to update: {PREFIX}ada lab" in said
    assert school.collected(school.ada) == "ada's second"
    school.collect(CourseDirectory__student_id=f"{PREFIX}b*")
    assert school.collected(school.ada) == "ada's second"
    school.collect()
    assert school.collected(school.ada) == "ada's third"
    assert len(school.handed_in) == 4


def test_whose_it_is_the_system_says_and_not_the_student(school):
    school.submit(school.ada, "ada's own")
    by_hand(school, school.bob, "for ada, by bob", claims=school.ada.name)
    said = school.collect()
    assert school.collected(school.ada) == "ada's own"
    assert school.collected(school.bob) == "for ada, by bob"
    assert any(f"says that it is of {PREFIX}ada, but {PREFIX}bob made it" in line for line in said)


def test_when_it_came_the_system_says_and_not_the_student(school):
    place = by_hand(school, school.bob)

    def lie() -> None:
        for path in (*place.iterdir(), place):
            os.utime(path, (0, 0))

    school.bob.does(lie)
    school.collect()
    assert abs(time_of(school, school.bob) - now()) < SOON


def test_a_file_that_becomes_a_link_between_a_look_and_a_copy_is_not_followed(school, monkeypatch):
    place = by_hand(school, school.bob, more=lambda at: (at / "data").write_text("bob's"))
    secret = school.folder / "solutions"
    secret.write_text("the course's own")
    secret.chmod(0o644)
    is_wanted = arrived._is_wanted

    def swapped(found: object, *bounds: int) -> bool:
        wanted = is_wanted(found, *bounds)
        if found.name == "data":
            (place / "data").unlink()
            (place / "data").symlink_to(secret)
        return wanted

    monkeypatch.setattr(arrived, "_is_wanted", swapped)
    said = school.collect()
    assert not school.place(school.bob).exists()
    assert any("Too many levels of symbolic links: 'data'" in line for line in said)


def test_an_answer_that_is_changed_after_the_deadline_came_after_it(school):
    """Beside one that came in time: which of both counts, is the collector's choice."""
    in_time = by_hand(school, school.bob, "in time")
    school.bob.does(in_time.rename, f"{in_time}-other")
    in_time = Path(f"{in_time}-other")
    changed = by_hand(school, school.bob, "in time, too", more=lambda at: (at / "more").mkdir())
    time.sleep(0.05)
    deadline = now()
    due(school, deadline)
    time.sleep(0.05)
    school.bob.does((changed / "lab.ipynb").write_text, "changed")
    school.collect(ExchangeCollect__before_duedate=True)
    assert school.collected(school.bob) == "in time"
    assert time_of(school, school.bob) <= deadline
    school.collect()
    assert school.collected(school.bob) == "changed"
    assert time_of(school, school.bob) > deadline


ACCOUNTS = {}  # of a class, by the names of its people


def account_of(name: str) -> pwd.struct_passwd:
    return pwd.getpwnam(ACCOUNTS[name])


def test_a_student_who_is_nobodys_enrolled_hands_in_to_no_class(school):
    """A class knows its people; there, an account is not yet a student, and a name is not an account."""
    ACCOUNTS.update({"Zoë Müller": school.ada.name, "bob": school.bob.name})
    with Gradebook(f"sqlite:///{school.folder / 'gradebook.db'}") as gradebook:
        gradebook.add_student("Zoë Müller")
    person = {"ByAccount__person": f"{__name__}.account_of"}
    school.submit(school.ada, "Zoë's")
    school.submit(school.bob, "bob is not in the gradebook")
    said = school.collect(**person)
    assert (school.folder / "submitted/Zoë Müller/lab/lab.ipynb").read_text() == "Zoë's"
    assert os.listdir(school.folder / "submitted") == ["Zoë Müller"]
    assert any(
        f"the account {PREFIX}bob is of no student in the gradebook" in each for each in said
    )
    ACCOUNTS[school.bob.name] = school.ada.name
    said = school.collect(**person)
    assert any(
        f"have one account, {PREFIX}ada: nothing of it is collected" in each for each in said
    )


def links(at: Path) -> None:
    (at / "gradebook.db").symlink_to("/etc/passwd")
    (at / "etc").symlink_to("/etc")


def pipes(at: Path) -> None:
    os.mkfifo(at / "pipe")
    os.mkfifo(at / "lab2.ipynb")


def sockets(at: Path) -> None:
    os.chdir(at)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")


def sparse(at: Path) -> None:
    (at / "huge").touch()
    os.truncate(at / "huge", 10**12)


@pytest.mark.parametrize(
    ("more", "left"),
    [
        (links, ["etc", "gradebook.db"]),
        (pipes, ["lab2.ipynb", "pipe"]),
        (sockets, ["socket"]),
        (sparse, ["huge"]),
    ],
)
def test_what_is_no_file_of_theirs_is_left_out_and_the_notebook_taken(school, more, left):
    by_hand(school, school.bob, more=more)
    said = school.collect()
    assert names(school.place(school.bob)) == ["lab.ipynb", "timestamp.txt"]
    (sentence,) = (line for line in said if line.startswith(f"Of {PREFIX}bob, "))
    assert all(name in sentence for name in left)


def test_a_file_of_somebody_else_is_not_taken_though_the_course_could_read_it(school):
    """Older systems let anyone make a hard link to any file."""
    place = by_hand(school, school.bob, more=lambda at: (at / "data").mkdir())
    os.link(school.folder / "gradebook.db", place / "gradebook.db")
    (place / "data" / "theirs").mkdir()
    (place / "data" / "theirs" / "notes.txt").touch()
    give(place / "data" / "theirs", school.course)
    school.collect()
    assert names(school.place(school.bob)) == ["data", "lab.ipynb", "timestamp.txt"]


def test_a_name_is_taken_as_it_is_and_never_obeyed_by_a_terminal(school):
    odd = [b"\xff\xfe.csv", b"new\nline", b"\x1b[2J", "Ärger und Glück.csv".encode()]

    def make(at: Path) -> None:
        for name in odd:
            open(os.fsencode(at) + b"/" + name, "w").close()
        os.mkfifo(at / "\x1b[31mred")

    by_hand(school, school.bob, more=make)
    said = school.collect()
    assert {os.fsencode(name) for name in names(school.place(school.bob))} >= {*odd}
    assert not any("\x1b" in line or "\n" in line for line in said)


def too_many(at: Path) -> None:
    for number in range(60):
        (at / str(number)).touch()


def too_deep(at: Path) -> None:
    (at / Path(*"a" * 40)).mkdir(parents=True)


def too_much(at: Path) -> None:
    for number in range(20):
        (at / str(number)).touch()
        os.truncate(at / str(number), 10**6)


def closed(at: Path) -> None:
    (at / "lab.ipynb").chmod(0)


def shut(at: Path) -> None:
    at.chmod(0o700)


BROKEN = [
    (too_many, "it holds more than 50 files"),
    (too_deep, "its folders lie more than 30 deep"),
    (too_much, "it is larger than max_dir_size, in nbgrader_config.py, allows"),
    (closed, "Permission denied"),
    (shut, "Permission denied"),
]


@pytest.mark.parametrize(("more", "why"), BROKEN)
def test_what_cannot_be_collected_stops_nobody_and_takes_nothing_away(
    school, monkeypatch, more, why
):
    monkeypatch.setattr(arrived, "MAX_ENTRIES", 50)
    school.submit(school.bob, "bob's first")
    school.collect()
    school.submit(school.bob, "bob's second")
    by_hand(school, school.bob, more=more)
    school.submit(school.ada)
    said = school.collect(CourseDirectory__max_dir_size=10_000)
    assert school.collected(school.ada) == "1"
    assert school.collected(school.bob) == "bob's second", "the newest that can be taken"
    assert any(f"random of {PREFIX}bob is not collected: " in line and why in line for line in said)
    assert said[-1] == "Of 2 students, 1 handed in what cannot be collected"
    assert not [*school.place(school.bob).parent.glob(".*")]


def test_who_handed_in_only_what_cannot_be_collected_has_nothing_there(school):
    by_hand(school, school.bob, more=shut)
    (school.inbound / f"{school.ada.name}+lab+now+link").symlink_to("/etc")
    os.lchown(school.inbound / f"{school.ada.name}+lab+now+link", school.ada.account.pw_uid, -1)
    said = school.collect()
    assert any("+link is not collected: it is no folder" in line for line in said)
    assert not (school.folder / "submitted").exists()


def test_who_writes_while_it_is_read_is_not_collected_half(school):
    school.submit(school.bob, "whole")
    school.collect()
    files = [f"{number:03}" for number in range(1000)]  # that reading them takes a while
    place = by_hand(school, school.bob, more=lambda at: [(at / x).write_text("1") for x in files])
    code = (
        "import sys\nwhile True:\n    for x in range(1000): "
        "open(f'{sys.argv[1]}/{x:03}', 'w').write('2' * 9)"
    )
    writer = subprocess.Popen(
        ["/usr/bin/python3", "-c", code, place],
        user=school.bob.name,
        group=school.bob.account.pw_gid,
        extra_groups=[],
        cwd="/",
    )
    try:
        while (place / files[0]).read_text() == "1":
            time.sleep(0.01)
        said = school.collect()
    finally:
        writer.kill()
        writer.wait()
    assert school.collected(school.bob) == "whole"
    assert any("it was changed while it was read. Collect it again" in line for line in said)
    school.collect()
    assert names(school.place(school.bob)) == [*files, "lab.ipynb", "timestamp.txt"]


def test_a_full_disk_of_the_course_takes_no_older_submission_away(school):
    school.submit(school.ada, "first")
    school.collect()
    shutil.rmtree(school.handed_in[0])  # the course alone has it
    school.submit(school.ada, "second" * 100_000)
    school.submit(school.bob, "small")
    with small_disk(school.folder / "submitted", "200k", school.course):
        said = school.collect()
        assert school.collected(school.ada) == "first"
        assert school.collected(school.bob) == "small"
        assert any("No space left on device" in line for line in said)
        assert sorted(os.listdir(school.place(school.ada).parent)) == ["lab"]


def test_who_is_interrupted_while_one_takes_the_others_place_has_lost_nothing(school):
    school.submit(school.ada, "first")
    school.collect()
    place = school.place(school.ada)
    replaced = StagedResult(place, place.with_name(".lab"))._replaced
    place.rename(replaced)  # as after the first of two renames
    give(replaced.parent, school.course)
    assert f"No newer submission to collect: {PREFIX}ada lab" in school.collect()
    assert school.collected(school.ada) == "first"


def test_what_root_touches_does_not_become_a_newer_submission(school):
    """As when an exchange is moved to another disk: the system's time is new, and the work is not."""
    school.submit(school.ada)
    school.collect()
    before = time_of(school, school.ada)
    (place,) = school.handed_in
    for path in (place, *place.iterdir()):
        os.chown(path, path.stat().st_uid, -1)
    assert f"It is what was collected before: {PREFIX}ada" in school.collect()
    assert time_of(school, school.ada) == before


def test_two_courses_have_an_assignment_of_the_same_name(school, gradebook):
    school.submit(school.ada, "of rates")
    school.collect()
    school.name = "pictures"
    add_course(school, gradebook)
    school.release()
    school.submit(school.ada, "of pictures")
    school.collect()
    assert school.collected(school.ada) == "of pictures"
    assert len(school.cached(school.ada)) == 1
    school.name = "rates"
    school.collect()
    assert school.collected(school.ada) == "of rates"
    assert len(school.cached(school.ada)) == 1


def test_what_stock_nbgrader_hands_in_is_collected(school):
    school.root.chmod(0o1777)  # which it asks for
    school.submit(school.ada, "by stock nbgrader", Test__stock=True)
    school.collect()
    assert school.collected(school.ada) == "by stock nbgrader"


def test_where_all_share_one_account_the_written_name_is_all_there_is(school):
    by_hand(school, school.bob, "ada's, from a container", claims="ada")
    nobodys = by_hand(school, school.bob, "nobody's", claims="x")
    nobodys.rename(nobodys.with_name("+lab+now+random"))
    school.collect(ExchangeCollect__check_owner=False)
    assert (school.folder / "submitted/ada/lab/lab.ipynb").read_text() == "ada's, from a container"
    assert os.listdir(school.folder / "submitted") == ["ada"]


def test_who_collects_waits_for_who_collects(school):
    """Two graders press the button at once: what one of them copies, the other would remove."""
    school.submit(school.ada)
    first = subprocess.Popen(["flock", "--no-fork", school.inbound, "sleep", "600"])
    while not is_locked(school.inbound):
        time.sleep(0.01)
    with ThreadPoolExecutor() as pool:
        second = pool.submit(school.collect)
        with pytest.raises(TimeoutError):
            second.result(timeout=1)
        assert not school.place(school.ada).exists()
        first.kill()
        first.wait()
        second.result()
    assert school.collected(school.ada) == "1"


def is_locked(folder: Path) -> bool:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
