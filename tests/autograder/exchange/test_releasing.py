"""What the course puts into the exchange: whole, and for whom it is."""

import os
import shutil
import stat
import subprocess

import pytest
from nbgrader.exchange import ExchangeError
from nbgrader.utils import notebook_hash

from exchange.people import PREFIX, give
from exchange.test_handing_in import refused, small_disk


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def fetched(school, student) -> list[str]:
    """Have a student fetch all feedback; return what it says, the oldest first."""
    school.of_student(student, "FetchFeedback")
    pages = (school.lab(student) / "feedback").rglob("*.html")
    return [page.read_text() for page in sorted(pages)]


def graded(school, student, page: str) -> None:
    """Leave the page of what was collected of a student where nbgrader would."""
    folder = school.folder / "feedback" / student.name / "lab"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(school.place(student), folder)
    (folder / "lab.html").write_text(page)
    give(school.folder, school.course)


def test_students_can_read_a_release_and_change_nothing(school):
    school.of_student(school.ada, "FetchAssignment")
    assert (school.lab(school.ada) / "lab.ipynb").read_text() == "{}"
    release = school.inbound.with_name("outbound") / "lab"
    assert (mode(release), mode(release / "lab.ipynb")) == (0o755, 0o644)
    assert mode(school.inbound) == 0o3733
    assert school.ada.does(refused, (release / "lab.ipynb").write_text, "mine")
    assert school.ada.does(refused, release.rename, release.with_name("mine"))


def test_a_release_takes_the_place_of_another_one_when_it_is_whole(school):
    release = school.inbound.with_name("outbound") / "lab"
    with pytest.raises(ExchangeError, match="Destination already exists, add --force"):
        school.release()
    with small_disk(release.parent, "100k", school.course):
        source = school.folder / "release" / "lab"
        (source / "data.bin").write_bytes(bytes(200_000))
        give(source, school.course)
        with pytest.raises(Exception, match="No space left on device"):
            school.release(ExchangeReleaseAssignment__force=True)
        assert [path.name for path in release.parent.iterdir()] == ["lab"]
        assert [path.name for path in release.iterdir()] == ["lab.ipynb"]
    school.release(ExchangeReleaseAssignment__force=True)
    assert sorted(path.name for path in release.iterdir()) == ["data.bin", "lab.ipynb"]


def test_a_full_disk_leaves_no_half_of_an_assignment_with_a_student(school):
    release = school.inbound.with_name("outbound") / "lab"
    (release / "data.bin").write_bytes(bytes(200_000))
    place = school.lab(school.ada).parent
    place.mkdir()
    give(place, school.ada)
    with small_disk(place, "100k", school.ada):
        with pytest.raises(ExchangeError, match="was not fetched: the disk of your files is full"):
            school.of_student(school.ada, "FetchAssignment")
        assert list(place.iterdir()) == []


def test_an_exchange_that_does_not_exist_is_made_so_that_no_course_can_be_taken(school):
    """By one who teaches with plain nbgrader, on a machine with other people."""
    shutil.rmtree(school.root)
    school.root.parent.chmod(0o1777)
    school.release()
    assert mode(school.root) == 0o1777
    assert school.bob.does(refused, (school.root / "rates").rename, school.root / "mine")
    school.root.chmod(0o777)  # as stock nbgrader leaves it
    school.release(ExchangeReleaseAssignment__force=True)
    assert mode(school.root) == 0o1777


def test_a_course_without_a_place_is_told_who_makes_it(school):
    shutil.rmtree(school.root / "rates")
    with pytest.raises(ExchangeError, match=r"rates cannot be made, .* Have root make it for you"):
        school.release()


def test_a_page_is_its_students_to_read_and_nobody_elses(school):
    school.submit(school.ada)
    school.collect()
    graded(school, school.ada, "ada's score is 7")
    assert f"The feedback of {PREFIX}ada is released" in school.of_course("ReleaseFeedback")
    assert fetched(school, school.ada) == ["ada's score is 7"]
    folder = school.inbound.with_name("feedback")
    (page,) = folder.iterdir()
    assert school.bob.does(refused, os.listdir, folder)
    assert school.bob.does(refused, page.read_text), "who learns a secret reads no page by it"
    assert school.ada.does(refused, page.write_text, "10")


def test_a_secret_that_another_student_learned_opens_nothing(school):
    """It is in ada's hands, and she may show her folder to whom she likes."""
    school.submit(school.ada)
    school.collect()
    graded(school, school.ada, "ada's score is 7")
    school.of_course("ReleaseFeedback")
    secret = (school.place(school.ada) / "submission_secret.txt").read_text()
    page = school.inbound.with_name("feedback") / (
        notebook_hash(secret=secret, notebook_id="lab") + ".html"
    )
    assert school.ada.does(page.read_text) == "ada's score is 7"
    assert school.bob.does(refused, page.read_text)


def test_who_hands_in_again_after_feedback_gets_that_of_both(school):
    school.submit(school.ada, "first")
    school.collect()
    graded(school, school.ada, "first: 3")
    school.of_course("ReleaseFeedback")
    assert fetched(school, school.ada) == ["first: 3"]
    school.submit(school.ada, "second")
    school.collect()
    graded(school, school.ada, "second: 7")
    school.of_course("ReleaseFeedback")
    assert fetched(school, school.ada) == ["first: 3", "second: 7"]
    graded(school, school.ada, "second: 8, as your grader saw")
    school.of_course("ReleaseFeedback")
    assert fetched(school, school.ada) == ["first: 3", "second: 8, as your grader saw"]


def test_a_page_that_cannot_be_released_stops_no_other_and_takes_no_older_one_away(school):
    for student in (school.ada, school.bob):
        school.submit(student)
    school.collect()
    for student in (school.ada, school.bob):
        graded(school, student, "old")
    school.of_course("ReleaseFeedback")
    (school.folder / "feedback" / school.bob.name / "lab" / "submission_secret.txt").write_text("")
    graded(school, school.ada, "new")
    said = school.of_course("ReleaseFeedback")
    assert said[-1] == "Feedback was released for 1 of 2 students"
    assert any(f"of {PREFIX}bob is not released: submission_secret.txt is empty" in x for x in said)
    assert fetched(school, school.ada) == ["new"]
    assert fetched(school, school.bob) == ["old"]


def test_on_a_disk_without_access_lists_a_page_has_its_secret_name_alone(school):
    """As nbgrader has it everywhere; the command says so."""
    folder = school.inbound.with_name("feedback")
    school.of_course("ReleaseFeedback")
    subprocess.run(["mount", "-t", "ramfs", "ramfs", folder], check=True)
    try:
        give(folder, school.course)
        folder.chmod(0o711)
        school.submit(school.ada)
        school.collect()
        graded(school, school.ada, "7")
        said = school.of_course("ReleaseFeedback")
        assert any("keeps no access lists: who knows a name reads it" in line for line in said)
        assert fetched(school, school.ada) == ["7"]
    finally:
        subprocess.run(["umount", folder], check=True)


def test_an_exchange_of_everyones_is_not_made_safe_by_who_does_not_own_it(school):
    school.root.chmod(0o777)
    said = school.release(ExchangeReleaseAssignment__force=True)
    assert f"Have its owner run: chmod +t {school.root}" in said[0]
