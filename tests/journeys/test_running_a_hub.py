"""The page for operators: its commands are read from the page, and run as root, in its order.

They run as they stand, but that the places they name lie in a folder of the test, and that the course
has a name of its own. What systemd would start is started by hand, from the units.
"""

import contextlib
import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import yaml
from hub import Formgrader, Person, Refused, until

from autograder.classroom import settings as classroom
from autograder.classroom.demo_class import free_ports
from autograder.classroom.demo_place import place, will_add_accounts

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "book" / "running_a_hub.md").read_text(encoding="utf-8")
SECTIONS = re.split(r"^(?=## |\*\*\d\. )", PAGE, flags=re.MULTILINE)
UNITS = ROOT / "autograder" / "classroom" / "systemd"
CHECKOUT = "/opt/learning-rates/checkout"
COURSE, INES, ADA, ZOE = (f"{each}-{os.getpid()}" for each in ("op", "ines", "ada", "zoë"))
NAME = "lr01_first_step"
pytestmark = pytest.mark.skipif(
    os.geteuid() != 0, reason="an operator is root: sudo -E .venv/bin/pytest ..."
)


def commands(heading: str) -> list[str]:
    """Return the commands below a heading, or below one of the numbered steps."""
    [section] = [each for each in SECTIONS if each.startswith(heading)]
    blocks = re.findall(r"^```shell\n(.*?)^```", section, flags=re.MULTILINE | re.DOTALL)
    assert blocks, heading
    return "".join(blocks).splitlines()


class Machine:
    """Where the page's commands run: with the places that they name in ``folder``."""

    def __init__(self, folder: Path):
        self.folder, self.file = folder, folder / "etc" / "classroom.yml"

    def here(self, text: str) -> str:
        """Return ``text`` with this machine's places, and the test's course."""
        text = text.replace(CHECKOUT, str(ROOT))
        for named, own in (
            ("/etc", "etc"),
            ("/srv", "srv"),
            ("/opt", "opt"),
            ("/var/lib", "state"),
        ):
            text = text.replace(f"{named}/learning-rates", str(self.folder / own))
        return text.replace("/courses/learning-rates", f"/courses/{COURSE}").replace(
            " in learning-rates ", f" in {COURSE} "
        )

    @property
    def environment(self) -> dict[str, str]:
        path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin:/usr/bin:/bin"])
        return os.environ | {"CLASSROOM": str(self.file), "PATH": path}

    def follow(self, heading: str) -> str:
        """Run what the page says to type below ``heading``; return what was said."""
        return self.run("\n".join(commands(heading)))

    def run(self, script: str) -> str:
        """Run lines of the page; return what was said."""
        script = self.here(script)
        done = subprocess.run(
            ["bash", "-ec", script],
            cwd=ROOT,
            env=self.environment,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}"
        return done.stdout

    @contextlib.contextmanager
    def unit(self, name: str) -> Iterator[None]:
        """Run what a unit starts."""
        unit = self.here((UNITS / f"learning-rates-{name}.service").read_text())
        [command] = re.findall("^ExecStart=(.*)", unit, flags=re.MULTILINE)
        with (self.folder / f"{name}.log").open("w") as said:
            process = subprocess.Popen(
                shlex.split(command), cwd=ROOT, env=self.environment, stdout=said, stderr=said
            )
        try:
            yield
        finally:
            process.terminate()
            process.wait()


@pytest.fixture(scope="module")
def machine(tmp_path_factory) -> Iterator[Machine]:
    """A machine on which the page was followed up to the point where the hub is started."""
    with place(tmp_path_factory.mktemp("machine") / "machine") as folder:
        machine = Machine(folder)
        machine.follow("**2.")
        machine.follow("**3.")
        write_class(machine.file)
        will_add_accounts(folder, classroom.load(machine.file))
        machine.follow("**4.")
        yield machine


def write_class(file: Path) -> None:
    """Fill in the settings, as an operator does in an editor."""
    settings = yaml.safe_load(file.read_text(encoding="utf-8"))
    folder = file.parents[1]
    address, hub, proxy = free_ports(3)
    [course] = settings["courses"].values()
    course |= {"folder": str(folder / "srv" / "courses" / COURSE)}
    roster = folder / "srv" / "courses" / COURSE / "students.csv"
    roster.write_text(f"id\n{ADA}\n{ZOE}\n", encoding="utf-8")
    course |= {"instructors": [INES], "graders": [], "students": [], "roster": str(roster)}
    settings |= {
        "state": str(folder / "state"),
        "exchange": str(folder / "srv" / "exchange"),
        "students_environment": str(folder / "opt" / "student"),
        "address": f"http://127.0.0.1:{address}",
        "courses": {COURSE: course},
        "ports": {"hub": hub, "proxy": proxy},
    }
    file.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")


@pytest.fixture(scope="module")
def people(machine) -> Iterator[dict[str, Person]]:
    """Everybody of the class, signed in at the hub with the password of their account."""
    settings = classroom.load(machine.file)
    with machine.unit("proxy"), machine.unit("hub"):
        until(lambda: answers(f"{settings.address}/hub/api/"), "the hub answers")
        accounts = dict(line.split("\t")[::-1] for line in machine.follow("**5.").splitlines())
        words = {name: secrets.token_urlsafe(12) for name in accounts}
        lines = "".join(f"{accounts[name]}:{word}\n" for name, word in words.items())
        subprocess.run(["chpasswd"], input=lines, text=True, check=True)
        with pytest.raises(Refused):
            Person(settings.address, ADA, "a wrong word")
        found = {name: Person(settings.address, name, word) for name, word in words.items()}
        try:
            yield found
        finally:
            for name in (ADA, ZOE):
                with contextlib.suppress(Refused):
                    found[name].stop()


def answers(url: str) -> bool:
    with contextlib.suppress(requests.RequestException):
        return requests.get(url, timeout=5).ok
    return False


def test_from_a_bare_machine_to_the_first_graded_homework(machine, people):
    roster, release, *grade = commands("**6.")
    assert "release_assignment" in release and len(grade) == 4
    assert "Students added: 2" in machine.run(roster)
    machine.run(release)
    for name in (ADA, ZOE):
        student = people[name].start()
        assert ("released", NAME) in student.assignments(COURSE)
        student.press("fetch", COURSE, NAME)
        student.press("submit", COURSE, NAME)
    for line in grade:
        machine.run(line)
    for name in (ADA, ZOE):
        people[name].press("fetch_feedback", COURSE, NAME)
        assert people[name].assignments(COURSE)["submitted", NAME]["submissions"]


def test_an_instructor_finds_formgrader_by_its_name(people):
    listed = Formgrader(people[INES], COURSE).look("assignments")
    assert NAME in [each["name"] for each in listed]
    with pytest.raises(Refused):
        Formgrader(people[ADA], COURSE).look("assignments")


def test_a_course_is_backed_up(machine, people):
    path = Path(machine.follow("## I want back-ups every night").split(" (")[0])
    assert path.is_relative_to(machine.folder / "srv" / "courses" / COURSE)
    assert path.stat().st_size > 1000


def test_a_newer_version_is_put_in_place(machine, people):
    machine.follow("## There is a newer version of the course")
    copied = machine.folder / "srv" / "courses" / COURSE / "solutions" / NAME
    assert (copied / f"{NAME}.ipynb").stat().st_uid != 0


def test_the_recipe_of_a_way_to_sign_in_is_where_the_page_says(machine, people):
    machine.follow("## I want people to sign in as they do elsewhere")
    assert (machine.folder / "state" / "sign_in.py").is_file()


@pytest.mark.parametrize("unit", sorted(UNITS.iterdir()), ids=lambda path: path.name)
def test_a_unit_is_one(unit, tmp_path):
    """Where systemd's own check is installed, it finds nothing."""
    if not (verify := shutil.which("systemd-analyze")):
        pytest.skip("there is no systemd-analyze, which a machine with systemd has")
    for each in UNITS.iterdir():
        (tmp_path / each.name).write_text(each.read_text().replace(CHECKOUT, str(ROOT)))
    done = subprocess.run(
        [verify, "verify", tmp_path / unit.name], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
