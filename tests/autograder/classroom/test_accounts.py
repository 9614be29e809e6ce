"""Everyone's system account: readable, accepted by Linux, one person's only, never the system's."""

import pwd
import re

import pytest

from autograder.classroom.accounts import account, course_account, person

NAMES = [
    "ada",
    "Zoë",
    "zoe",
    "zoë",
    "zoe\N{COMBINING DIAERESIS}",
    "赵敏",
    "Ольга",
    "ada lovelace",
    "ada.lovelace",
    "ada-lovelace",
    "ada@uni.example",
    "12345",
    "../../etc",
    "-rf",
    "_apt",
    "grader-learning-rates",
    "a" * 32,
    "a" * 33,
    "",
    "\0",
    "\udcff",
]


@pytest.mark.parametrize("name", ["ada", "r2d2", "ada_l", "ada-lovelace", "a" * 32])
def test_a_name_that_linux_takes_is_the_account(name):
    assert account(name) == name


@pytest.mark.parametrize("name", NAMES)
def test_every_account_is_one_that_linux_takes(name):
    assert re.fullmatch(r"[a-z][a-z0-9_-]{0,31}", account(name))


def test_an_account_can_be_read():
    assert account("Zoë Müller").startswith("zoe-muller-")
    assert account("ada@uni.example").startswith("ada-uni-example")


def test_no_two_people_share_an_account():
    accounts = {account(name) for name in NAMES}
    assert len(accounts) == len({name.lower() for name in NAMES})


def test_nobody_gets_anothers_account_by_taking_its_name_for_their_own():
    of_zoe = account("zoë")
    assert account(of_zoe) != of_zoe


def test_capitals_make_no_other_person_as_the_hub_knows_none():
    assert account("Ada") == "ada"
    assert account("Zoë") == account("zoë")


def test_a_course_has_an_account_that_is_no_persons():
    names = ["learning-rates", "深度学习", "a very long name of a course in the year 2026", "Ada"]
    courses = [course_account(name) for name in names]
    assert courses[0] == "grader-learning-rates"
    assert len(set(courses)) == len(names)
    for each in courses:
        assert re.fullmatch(r"grader-[a-z0-9_-]{1,25}", each)
        assert account(each) != each


@pytest.mark.parametrize("name", ["root", "Root", "nobody", pwd.getpwuid(1).pw_name])
def test_the_systems_own_accounts_are_nobodys(name):
    with pytest.raises(LookupError, match=r"the system's own. This person needs another name"):
        person(name)


def test_somebody_without_an_account_is_named():
    with pytest.raises(LookupError, match=r"^Zoë: this machine has no account zoe-"):
        person("Zoë")
