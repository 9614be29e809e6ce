"""The page on sizes: every number in its tables comes from the record, which is complete."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import class_needs
import pytest
from bs4 import BeautifulSoup

BOOK = Path(__file__).resolve().parents[2] / "book"
RECORD = json.loads(class_needs.RECORD.read_text())
FIGURES = {
    "hub": {"memory", "each"},
    "server": {"memory", "each", "seconds"},
    "idle": {"seconds_an_hour"},
    "reading": {"chapter", "memory", "each", "seconds"},
    "training": {"chapter", "cell", "memory", "seconds"},
    "validating": {"memory", "seconds"},
    "grading": {"memory", "seconds", "start"},
}


def test_the_record_is_complete():
    parts = RECORD["parts"]
    assert {each.split()[0] for each in parts} == FIGURES.keys()
    for part, found in parts.items():
        assert found.keys() == FIGURES[part.split()[0]], part
        for name, figure in found.items():
            if name not in ("chapter", "cell"):
                assert sorted(figure["values"])[len(figure["values"]) // 2] == figure["median"]
                assert name == "each" or figure["median"] > 0
    made = RECORD["provenance"]
    assert made.keys() == {"command", "versions", "hardware", "load", "date", "seconds"}
    assert made["command"].startswith("python -m autograder.classroom.sizing")
    rounds = len(parts["server"]["memory"]["values"])
    assert rounds % 2 and len(made["load"]) == rounds + 1
    assert {"jupyterhub", "jupyterlab", "torch", "configurable-http-proxy"} <= made[
        "versions"
    ].keys()


@pytest.fixture
def page(tmp_path):
    """Return a function that builds the page from a record; it gives the tables, cell by cell."""

    def build(record: dict) -> list[list[list[str]]]:
        (tmp_path / "record.json").write_text(json.dumps(record))
        (tmp_path / "index.md").write_text((BOOK / "sizing.md").read_text("utf-8"), "utf-8")
        (tmp_path / "conf.py").write_text(
            f"import sys\nfrom pathlib import Path\nsys.path.insert(0, {str(BOOK / '_ext')!r})\n"
            "import class_needs\nclass_needs.RECORD = Path('record.json').resolve()\n"
            "extensions = ['myst_parser', 'sizing']\n"
        )
        command = [sys.executable, "-m", "sphinx", "-E", "-W", "-q", ".", "out"]
        subprocess.run(command, cwd=tmp_path, env=os.environ, check=True)
        soup = BeautifulSoup((tmp_path / "out" / "index.html").read_text("utf-8"), "html.parser")
        return [
            [[cell.get_text() for cell in row.find_all("td")] for row in table.select("tbody tr")]
            for table in soup.find_all("table")
        ]

    return build


def number(text: str) -> float:
    return float(text.replace(",", ""))


def test_the_tables_say_what_the_record_says(page):
    costs, classes = page(RECORD)
    parts = RECORD["parts"]
    assert len(costs) == len(parts)
    for cells, (part, found) in zip(costs, parts.items(), strict=True):
        for cell, name in zip(cells[1:3], ("memory", "each"), strict=True):
            told = found[name]["median"] if name in found else None
            assert cell == "–" if told is None else abs(number(cell) - told) <= 0.51, part
    assert [number(row[0]) for row in classes] == [30, 300, 3000]
    median = {part: {name: found[name]["median"] for name in found if name in ("memory", "each")}
              for part, found in parts.items()}  # fmt: skip
    for students, servers, kernels, training, cores, machine, pods, graded in (
        map(number, row) for row in classes
    ):
        assert (servers, kernels, training) == tuple(
            math.ceil(round(students * share, 6)) for share in (0.7, 0.5, 0.1)
        )
        assert cores >= training + graded
        kernels_take = (kernels - training) * median["reading"]["each"]
        kernels_take += training * median["training"]["memory"]
        assert machine > (servers * median["server"]["each"] + kernels_take) / 1024 - 1
        alone = servers * (median["server"]["memory"] + median["reading"]["memory"])
        alone += training * (median["training"]["memory"] - median["reading"]["memory"])
        assert pods == pytest.approx(alone / 1024, abs=0.51)


def test_another_record_makes_another_page(page):
    other = json.loads(json.dumps(RECORD))
    other["parts"]["server"]["each"]["median"] += 1024  # a GiB more for each server
    before, after = (page(each)[1][1] for each in (RECORD, other))
    assert number(after[5]) - number(before[5]) == pytest.approx(number(before[1]), abs=1)
