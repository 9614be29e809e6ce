"""Each mistake in a classroom's settings is a sentence, and all are said at once."""

from pathlib import Path

import pytest
import yaml

from autograder.classroom import settings
from autograder.classroom.hub.roles import groups
from autograder.classroom.settings import SettingsError, load

EXAMPLE = Path(settings.__file__).with_name("classroom.example.yml")


def changed(tmp_path: Path, **changes: object) -> Path:
    """Write the example with other values for some names; None takes one out."""
    data = yaml.safe_load(EXAMPLE.read_text()) | changes
    path = tmp_path / "classroom.yml"
    path.write_text(
        yaml.safe_dump({name: value for name, value in data.items() if value is not None})
    )
    return path


def mistakes(path: Path) -> list[str]:
    with pytest.raises(SettingsError) as error:
        load(path)
    return [line.removeprefix(f"{path}: ") for line in str(error.value).splitlines()]


def test_the_example_is_right_and_says_what_is_there(monkeypatch):
    monkeypatch.setenv("CLASSROOM", str(EXAMPLE))
    read = load()
    assert read.limits == settings.Limits(memory=2 * 2**30, cpu=1.0, processes=200)
    [course] = read.courses
    assert course.staff == ("ines", "greta", "goran")
    assert read.people[-1] == "李娜"
    assert read.tls is None
    assert (read.ports.hub, read.ports.proxy) == (8081, 8001)


def test_the_two_blocks_that_are_commented_out_in_the_example_are_right(tmp_path):
    text = EXAMPLE.read_text().replace("# tls:", "tls:").replace("# ports:", "ports:")
    path = tmp_path / "classroom.yml"
    path.write_text(
        text.replace("address: http://127.0.0.1:8000", "address: https://hub.uni.example")
    )
    assert load(path).tls.key == Path("/etc/ssl/private/hub.key")


def test_a_class_list_names_students_in_any_script(tmp_path):
    """As Excel saves it, and whoever stands in the settings too is in the class once."""
    roster = tmp_path / "students.csv"
    roster.write_text("ID;First Name\r\n李娜;Na\r\nзоя;Зоя\r\nada;Ada\r\n", encoding="utf-8-sig")
    course = {**COURSE, "roster": str(roster)}
    [read] = load(changed(tmp_path, courses={"one": course})).courses
    assert read.students == ("ada", "李娜", "зоя")
    assert groups(load(changed(tmp_path, courses={"one": course})))["nbgrader-one"] == {
        "users": ["ada", "李娜", "зоя"]
    }
    roster.write_text("id\nAda\nines\n")
    first, second = mistakes(changed(tmp_path, courses={"one": course}))
    assert (
        f"courses.one.roster names {roster}, which has 'Ada': the hub knows people by small"
        in first
    )
    assert "courses.one.students has 'ines', who would grade their own work" in second
    roster.write_text("name\nAda\n")
    [only] = mistakes(changed(tmp_path, courses={"one": course}))
    assert "of which nothing was read: The first line should name the columns" in only
    roster.unlink()
    [only] = mistakes(changed(tmp_path, courses={"one": course}))
    assert "of which nothing was read" in only and "No such file" in only


COURSE = {"folder": "/srv/one", "students": ["ada"], "instructors": ["ines"]}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"state": None}, "state is missing."),
        ({"state": "var/lib"}, "state is 'var/lib', and has to be a path that begins with /."),
        ({"sign_in": "ldap"}, "sign_in is 'ldap', and has to be one of pam, native, oauth"),
        ({"address": "hub.uni.example"}, "address is 'hub.uni.example', and has to be like https"),
        ({"colour": "red"}, "colour is no setting that this classroom knows."),
        ({"courses": {}}, "courses has none: name at least one."),
        ({"courses": {"A B": COURSE}}, "courses.A B is no name of a course"),
        ({"courses": {"one": COURSE | {"students": "ada"}}}, "courses.one.students is 'ada', and"),
        ({"courses": {"one": COURSE | {"students": [7]}}}, 'put quotes around it, as in "7"'),
        ({"courses": {"one": COURSE | {"students": ["Ada"]}}}, "small letters; write 'ada'"),
        ({"courses": {"one": COURSE | {"students": ["a/b"]}}}, "a name has no /, no invisible"),
        ({"courses": {"one": COURSE | {"students": ["ada\u200b"]}}}, "no invisible signs"),
        ({"courses": {"one": COURSE | {"students": ["ines"]}}}, "who would grade their own work"),
        ({"courses": {"one": COURSE | {"teachers": ["x"]}}}, "courses.one.teachers is no setting"),
        ({"limits": {"memory": 2, "cpu": 1, "processes": 50}}, "has to be like 2G or 512M"),
        ({"limits": {"memory": "2G", "cpu": 0, "processes": 50}}, "limits.cpu is 0, and has to be"),
        ({"limits": {"memory": "2G", "cpu": 1}}, "limits.processes is missing."),
        ({"limits": 3}, "limits has to hold names and values"),
        ({"exchange": "/var/lib/learning-rates/x"}, "exchange lies in state"),
        ({"tls": {"certificate": "/a", "key": "/b"}}, "address has to begin with https://."),
        ({"tls": {"certificate": "/a"}}, "tls.key is missing."),
        ({"ports": {"hub": "x"}}, "ports.hub is 'x', and has to be a number of a port"),
    ],
)
def test_a_mistake_is_a_sentence(tmp_path, changes, said):
    found = mistakes(changed(tmp_path, **changes))
    assert len(found) == 1, found
    assert said in found[0]


def test_all_mistakes_are_said_at_once(tmp_path):
    assert len(mistakes(changed(tmp_path, state=None, sign_in="x", cull={"idle": "y"}))) >= 2


def test_a_file_that_is_not_there_or_no_yaml_is_said(tmp_path):
    with pytest.raises(SettingsError, match="CLASSROOM"):
        load(tmp_path / "none.yml")
    path = tmp_path / "classroom.yml"
    path.write_text("state: [")
    with pytest.raises(SettingsError, match="is not YAML"):
        load(path)
    path.write_text("state: /a\nstate: /b\n")
    with pytest.raises(SettingsError, match="a second time"):
        load(path)
