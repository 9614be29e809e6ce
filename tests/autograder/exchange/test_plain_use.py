"""One person, with nbgrader's own commands and the stock exchange on the student's side: no hub, no root."""

import getpass
import shutil
from pathlib import Path

from commands import in_turn, nbgrader

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = f"""
import sys
sys.path.append({str(ROOT)!r})
c = get_config()
c.CourseDirectory.course_id = "rates"
c.Exchange.root = "EXCHANGE"
c.Exchange.cache = "EXCHANGE-cache"
"""
HANDING_IN = "from lrlab.handing_in import plug_in\nplug_in(c)\n"
PLUG_IN = "from autograder.plug_in import plug_in\nplug_in(c)\n"


def test_release_fetch_submit_collect_and_feedback_work_as_stock_nbgrader_does(tmp_path):
    course, student, exchange = (tmp_path / each for each in ("course", "student", "exchange"))
    settings = SETTINGS.replace("EXCHANGE", str(exchange))
    for folder, text in ((course, settings + PLUG_IN), (student, settings)):
        folder.mkdir()
        (folder / "nbgrader_config.py").write_text(text)
    (course / "release" / "lab").mkdir(parents=True)
    (course / "release" / "lab" / "lab.ipynb").write_text("{}")
    said = in_turn(
        (course, "nbgrader", "release_assignment", "lab"),
        (course, "nbgrader", "list"),
        (student, "nbgrader", "fetch_assignment", "lab"),
        (student, "nbgrader", "submit", "lab"),
        (course, "nbgrader", "collect", "lab"),
        (course, "nbgrader", "collect", "lab", "--update"),
        (course, "nbgrader", "list", "--inbound"),
    )
    me = getpass.getuser()
    assert f"Collecting submission: {me} lab" in said
    assert f"No newer submission to collect: {me} lab" in said
    assert f"rates {me} lab 20" in said  # listed by name and time
    collected = course / "submitted" / me / "lab"
    assert (collected / "lab.ipynb").read_text() == "{}"
    feedback = shutil.copytree(collected, course / "feedback" / me / "lab")
    (feedback / "lab.html").write_text("7 points")
    in_turn(
        (course, "nbgrader", "release_feedback", "lab"),
        (student, "nbgrader", "fetch_feedback", "lab"),
    )
    (page,) = (student / "lab" / "feedback").rglob("lab.html")
    assert page.read_text() == "7 points"


def test_a_hub_that_runs_as_one_account_goes_by_its_own_names(tmp_path):
    """Without root: files tell nobody apart there, and the student is asked."""
    course, exchange = tmp_path / "course", tmp_path / "exchange"
    settings = SETTINGS.replace("EXCHANGE", str(exchange))
    lab = course / "release" / "lab"
    lab.mkdir(parents=True)
    (lab / "lab.ipynb").write_text("{}")
    one = "c.ExchangeCollect.check_owner = False\n"
    (course / "nbgrader_config.py").write_text(settings + one + PLUG_IN)
    nbgrader(course, "release_assignment", "lab")
    for name in ("Zoë", "ada"):
        home = tmp_path / name
        shutil.copytree(lab, home / "lab")
        hub = f"import os\nos.environ['JUPYTERHUB_USER'] = {name!r}\n"
        (home / "nbgrader_config.py").write_text(hub + settings + HANDING_IN)
        nbgrader(home, "submit", "lab")
    nbgrader(course, "collect", "lab")
    assert {path.name for path in (course / "submitted").iterdir()} == {"Zoë", "ada"}
