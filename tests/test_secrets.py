"""Nothing that only instructors may see is in what students and readers get.

What they get: the lrlab wheel, ``exercises/``, zips of both, the chapters and the site. What they may not: what a
master's solutions say, and anything of ``autograder/``. Two kinds of secrets are looked for, in
whatever files there are: lines of code, and sentences, which are found in any markup and however
their lines are broken.
"""

import html
import json
import re
import subprocess
import sys
import sysconfig
import zipfile
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from pypdf import PdfReader
from texts import sentences, texts

from lrlab.assignments.recipe import TRAIN_SIZE

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements.txt"
CHECKS = ROOT / "autograder" / "checks"
PUBLIC = (  # of the ten-question test: its questions, and all about the ten of the practice test
    *ROOT.glob("lrlab/assignments/questions/*.yml"),
    ROOT / "book" / "quizzes" / "practice_test.yml",
)
# The pages that name the grader's commands, their sources, what the search finds in them, and the
# whole book.
FOR_TEACHERS = {
    f"{page}.{kind}"
    for page in ("running_a_hub", "sizing", "teaching", "when_it_goes_wrong")
    for kind in ("html", "md")
} | {"searchindex.js", "search_index.js", "learning-rates.pdf"}
TEXTS = {".css", ".html", ".ipynb", ".js", ".json", ".md", ".mjs", ".pdf", ".py", ".txt", ".yml"}
# What else is on the site, beside the theme's own files: nobody's work, and no gradebook.
OTHERS = {".buildinfo", ".inv", ".nojekyll", ".png", ".svg", ".webp", ".whl", ".xml", ".zip"}


@pytest.fixture(scope="module")
def lines() -> set[str]:
    """Return the telling lines of solutions and checks; of a check's helpers, pairs of lines.

    A single line of a helper may be one that everybody writes.
    """
    found = set()
    for master in ROOT.glob("solutions/*/*.ipynb"):
        for solution in re.findall(r"BEGIN SOLUTION\n(.*?)# END", shown(master), re.DOTALL):
            found |= set(flush(solution).splitlines())
    for module in CHECKS.rglob("*.py"):
        code = flush(module.read_text(encoding="utf-8")).splitlines()
        alone = module.name == "__init__.py"
        found |= set(code if alone else map("\n".join, pairwise(code)))
    # What the release or a chapter says anyway, an import or a short line tells nobody anything.
    public = [*ROOT.glob("exercises/*/*.ipynb"), *ROOT.glob("book/*.ipynb"), *PUBLIC]
    known = flush("\n".join(map(shown, public)))
    return {
        text
        for text in found
        if len(text) > 24 * len(text.splitlines())
        and not text.startswith(("from ", "import "))
        and text not in known
    }


def flush(text: str) -> str:
    """Return the lines of a text without indentation, and without the empty ones."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


@pytest.fixture(scope="module")
def said() -> dict[str, Path]:
    """Return the words of every longer piece of text in the checks, and where it stands."""
    public = words("\n".join(map(shown, PUBLIC)))
    found = {}
    for path in (*CHECKS.rglob("*.py"), *CHECKS.rglob("*.yml")):
        for text in sentences(path):
            for piece in re.split(r"\{.*?\}", text):  # numbers are put in at the braces
                if len(words(piece)) > 40 and words(piece) not in public:
                    found[words(piece)] = path.relative_to(ROOT)
    return found


def shown(path: Path) -> str:
    """Return what a file says: the text of a page, the cells of a notebook, code with its texts."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".html":
        return html.unescape(re.sub(r"<[^>]+>", "", text))
    if path.suffix == ".pdf":
        return "\n".join(sheet.extract_text() for sheet in PdfReader(path).pages)
    if path.suffix == ".ipynb":
        return "\n".join(cell.source for cell in nbformat.reads(text, 4).cells)
    # Text in quotes may be broken anywhere, even within a word; put together, it is there too.
    return "\n".join([text, *texts(path)]) if path.suffix in {".py", ".yml"} else text


def words(text: str) -> str:
    """Return the words of a text, one blank around each: no markup, no quotes, no line breaks."""
    return " ".join(["", *re.findall(r"\w+", text), ""])


@pytest.fixture(scope="module")
def leaks(lines, said):
    """Return a function that says which secrets a text gives away."""

    def found_in(text: str) -> list[str]:
        plain = words(text)
        told = [f"{path}: {each}" for each, path in said.items() if each in plain]
        code = flush(text)
        return told + [each for each in lines if each in code]

    return found_in


def test_there_are_secrets_to_look_for(lines, said):
    """In every module and table of every assignment, but for those that hold no longer text."""
    assert len(lines) > 1000
    assert len(said) > 500
    folders = {path.parent for path in map(ROOT.joinpath, said.values())}
    assert {CHECKS / path.parent.name for path in ROOT.glob("solutions/*/*.ipynb")} <= folders
    suffixes = {path.suffix for path in said.values()}
    assert suffixes == {".py", ".yml"}


# In the wheel alone, as on a student's machine: every module of lrlab imports, and its data is there.
USE = """
import importlib, pkgutil, sys
import lrlab
sys.path.pop(0)
for found in pkgutil.walk_packages([CHECKOUT], "lrlab."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
from lrlab.assignments.questions import draw
from lrlab.data import mnist
assert len(mnist()[0]) == 6000 and len(draw("ann").questions) == 10
assert importlib.util.find_spec("autograder") is None
print(lrlab.__file__)
"""


def test_the_wheel_holds_lrlab_alone_and_all_of_it(wheel, tmp_path):
    rooms = {path.name for path in wheel.iterdir()}
    assert {room for room in rooms if not room.endswith(".dist-info")} == {"lrlab"}
    path = f"{wheel}:{sysconfig.get_path('purelib')}"
    done = subprocess.run(
        [sys.executable, "-S", "-c", USE.replace("CHECKOUT", repr(str(ROOT / "lrlab")))],
        cwd=tmp_path,
        env={"PYTHONPATH": path, "HOME": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.splitlines()[-1]).is_relative_to(wheel)


def test_no_secret_is_in_the_wheel(wheel, leaks):
    for path in wheel.rglob("*"):
        if path.suffix in TEXTS:
            assert leaks(shown(path)) == [], path


def test_no_recipe_of_the_lab_is_in_the_wheel(wheel):
    """The runs that calibrate the lab, two of its solutions among them, lie beside the others."""

    def of_the_lab(folder: Path) -> list[Path]:
        records = {path: json.loads(path.read_text()) for path in folder.rglob("*.json")}
        return [
            path
            for path, record in records.items()
            if record.get("experiment", {}).get("train_size") == TRAIN_SIZE
        ]

    assert ROOT / "book" / "runs" / "lab_recipe.json" in of_the_lab(ROOT / "book" / "runs")
    assert of_the_lab(wheel) == []
    assert not [*wheel.rglob("experiments.yml")], "it describes them all"


def test_students_without_a_hub_are_given_nothing_else(packed_course, wheel, leaks):
    """A zip holds the release and the wheel, in which the tests here look for secrets, and a page.

    And no name of what is not given: it would say that there is something to look for.
    """
    packed = sorted((packed_course / "_build" / "hand_out").iterdir())
    names = [path.name for path in sorted(ROOT.glob("exercises/*"))]
    assert [path.stem for path in packed] == names
    for name, path in zip(names, packed, strict=True):
        with zipfile.ZipFile(path) as archive:
            held = {entry.removeprefix(f"{name}/"): entry for entry in archive.namelist()}
            release = ROOT / "exercises" / name / f"{name}.ipynb"
            assert archive.read(held.pop(release.name)) == release.read_bytes()
            assert archive.read(held.pop("constraints.txt")) == REQUIREMENTS.read_bytes()
            page = archive.read(held.pop("START_HERE.txt")).decode()
            assert leaks(page) == []
            [zipped] = held
            with zipfile.ZipFile(archive.open(held[zipped])) as lrlab:
                files = {wheel / each: lrlab.read(each) for each in lrlab.namelist()}
    assert files == {path: path.read_bytes() for path in files}
    texts_given = [page, *(path.read_text() for path in files if path.suffix in {*TEXTS, ""})]
    told = [text for text in texts_given if not text.startswith("The code of this project")]
    assert len(told) == len(texts_given) - 1, "the license names all rooms"
    assert not re.search("BEGIN SOLUTION|HIDDEN|autograder|solutions/", "\n".join(told))


def test_no_secret_is_where_students_servers_run(students, leaks):
    """In the environment that is their own; what it shares are packages that others wrote."""
    files = [path for path in students.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".ipynb", ".py"}
    for path in files:
        assert not re.search("autograder|solutions|gradebook|BEGIN SOLUTION", str(path)), path
        if path.suffix in TEXTS:
            assert leaks(shown(path)) == [], path


def test_no_secret_is_in_the_exercises(leaks):
    for path in ROOT.glob("exercises/**/*"):
        if path.is_file():
            assert path.suffix == ".ipynb", f"{path} came along with a master"
            assert leaks(shown(path)) == [], path
            assert not re.search("BEGIN|HIDDEN|autograder", shown(path))


def test_no_secret_is_in_the_book(leaks):
    for path in ROOT.glob("book/**/*"):
        if path.suffix in TEXTS:
            assert leaks(shown(path)) == [], path


def test_no_secret_is_on_the_site(leaks):
    """With the book as a PDF, when it was printed; the zip holds what is here, and so does the wheel."""
    site = ROOT / "_build" / "html"
    assert (site / "index.html").is_file(), "run make book first"
    machine = re.compile("|".join(map(re.escape, {str(ROOT), sys.prefix})) + r"|/tmp/")
    for path in filter(Path.is_file, site.rglob("*")):
        suffix = path.suffix or path.name
        if "_static" not in path.parts:
            assert suffix in TEXTS | OTHERS, f"{path} is of a kind that nobody looks into"
        if suffix in TEXTS:
            text = shown(path)
            assert leaks(text) == [], path
            assert path.name in FOR_TEACHERS or "autograder" not in text, path
            assert not machine.search(path.read_text("utf-8", errors="replace")), path
