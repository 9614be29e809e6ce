"""The class of the demo: its people, its course, and the settings of its hub."""

import csv
import shutil
import socket
from pathlib import Path

import yaml

from autograder import ROOT

COURSE = "learning-rates"
ASSIGNMENT = "lr01_first_step"
INSTRUCTOR = "demo-ines"
PEOPLE = {
    "instructors": [INSTRUCTOR],
    "graders": ["demo-greta", "demo-goran"],
    "students": ["demo-ada", "demo-ben", "demo-chloe", "demo-dana", "demo-zoë"],
}
PARTS = ("autograder", "exercises", "solutions", "nbgrader_config.py", "_config.yml")


def write_class(folder: Path, port: int) -> Path:
    """Write the settings of the demo's hub, on ``port``, and its course; return the settings' path.

    The course is a copy: what the class does changes nothing in the checkout.
    """
    course = folder / "courses" / COURSE
    copy_course(course)
    with (course / "students.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id"], *([each] for each in PEOPLE["students"])])
    hub, proxy = free_ports(2)
    settings = {
        "state": str(folder / "state"),
        "exchange": str(folder / "exchange"),
        "students_environment": str(folder / "student"),
        "address": f"http://127.0.0.1:{port}",
        "courses": {COURSE: {"folder": str(course), **PEOPLE}},
        "limits": {"memory": "2G", "cpu": 1, "processes": 200},
        "cull": {"idle": 3600},
        "sign_in": "demo",
        "ports": {"hub": hub, "proxy": proxy},
    }
    path = folder / "classroom.yml"
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    return path


def copy_course(course: Path) -> None:
    """Copy what teaching with this course needs into the folder ``course``."""
    skip = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, course / name, ignore=skip)
        else:
            shutil.copy(ROOT / name, course)


def free_ports(count: int) -> list[int]:
    """Return different ports of this machine that nothing listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
