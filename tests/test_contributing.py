"""What people develop with: make's commands, the hooks before a commit, the forge's workflow."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from notebooks import strip
from test_structure import CHAPTER

ROOT = Path(__file__).resolve().parents[1]
MAKEFILE = (ROOT / "Makefile").read_text()
COMMANDS = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split())


def test_help_lists_every_command_with_what_it_does():
    command = ["make", "--no-print-directory", "help"]  # make test calls make here
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    listed = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert listed.keys() == COMMANDS
    assert set(re.findall(r"^(\w[\w-]*):(?! export)", MAKEFILE, re.MULTILINE)) == COMMANDS


def test_the_workflow_runs_commands_that_exist():
    workflows = [*(ROOT / ".github" / "workflows").iterdir()]
    jobs = [job for path in workflows for job in yaml.safe_load(path.read_text())["jobs"].values()]
    steps = [step.get("run") or step["uses"] for job in jobs for step in job["steps"]]
    theirs = r"actions/(checkout|setup-python|upload-pages-artifact|deploy-pages)@v\d+"
    used = [step for step in steps if not re.fullmatch(theirs, step)]
    commands = [re.fullmatch(r"(?:sudo )?make (\w+)(?: PYTHON=\S+ \S+)?", step)[1] for step in used]
    assert {"test", "pdf", "zip"} <= {*commands} <= COMMANDS


def test_the_steps_to_add_a_chapter_name_every_file_that_one_needs():
    steps = (ROOT / "CONTRIBUTING.md").read_text().split("### A chapter", 1)[1].split("###", 1)[0]
    files = [f"`{pattern.format(number='NN', slug='slug')}`" for pattern in CHAPTER]
    assert [name for name in files if name not in steps] == []


def test_the_slowest_files_are_listed_from_all_processes(tmp_path):
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    for name, seconds in {"quick": 0, "slow": 0.6}.items():
        test = f"import time\n\ndef test_one():\n    time.sleep({seconds})\n\ntest_two = test_one\n"
        (tmp_path / f"test_{name}.py").write_text(test)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    listed = re.findall(r"^ +(\d+) s  (\S+)$", done.stdout, re.MULTILINE)
    assert listed == [("1", "test_slow.py"), ("0", "test_quick.py")]


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """A repository with all files as they are committed, and what make has installed."""
    folder = tmp_path_factory.mktemp("clone") / "a course"
    ignore = shutil.ignore_patterns(".git", ".venv", "node_modules", "_build", "__pycache__")
    shutil.copytree(ROOT, folder, ignore=ignore)
    strip(*folder.glob("*/*.ipynb"), *folder.glob("*/*/*.ipynb"))
    (folder / ".venv").symlink_to(ROOT / ".venv")
    for name in ("package-lock.json", "pyproject.toml", "requirements.txt"):
        os.utime(folder / name, (0, 0))  # older than what was installed from it
    settings = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    for command in (["init", "-q"], ["add", "--all"], [*settings, "commit", "-q", "-m", "All"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


@pytest.fixture
def run_hook(clone, tmp_path):
    """Return a function that runs one hook on a changed file, and puts the file back."""
    changed = {}

    def run(name: str, path: str, content: str) -> subprocess.CompletedProcess:
        changed[clone / path] = (clone / path).read_bytes()
        (clone / path).write_text(content)
        subprocess.run(["git", "add", path], cwd=clone, check=True)
        return subprocess.run(
            [ROOT / ".venv/bin/pre-commit", "run", name, "--files", path],
            cwd=clone,
            env=os.environ | {"PRE_COMMIT_HOME": str(tmp_path)},
            check=False,
            capture_output=True,
            text=True,
            timeout=300,
        )

    yield run
    for path, content in changed.items():
        path.write_bytes(content)
    subprocess.run(["git", "add", *changed], cwd=clone, check=True)


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [
        ("ruff-check", "import os\n", "`os` imported but unused"),
        ("ruff-format", "x = {  'a':1 }\n", "files were modified by this hook"),
    ],
)
def test_a_hook_refuses_code_of_another_style(run_hook, name, code, told):
    done = run_hook(name, "lrlab/__init__.py", code)
    assert done.returncode == 1 and told in done.stdout, done.stdout


def test_a_hook_refuses_a_notebook_with_outputs(run_hook, clone):
    notebook = nbformat.read(clone / "book" / "evidence.ipynb", 4)
    code = next(cell for cell in notebook.cells if cell.cell_type == "code")
    code.outputs = [nbformat.v4.new_output("stream", text="1")]
    done = run_hook("notebooks", "book/evidence.ipynb", nbformat.writes(notebook))
    assert done.returncode == 1
    assert "FAILED tests/solutions/test_notebooks.py::test_no_outputs_are_committed[evidence]" in (
        done.stdout
    )


def as_saved(path: Path) -> str:
    """Return a notebook as JupyterLab saves it when it was run in another order."""
    notebook = nbformat.read(path, 4)
    notebook.metadata.language_info |= {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": "3.11.2",
    }
    for number, cell in enumerate(notebook.cells[::-1], start=1):
        if cell.cell_type == "code":
            cell.execution_count = number
            cell.outputs = [nbformat.v4.new_output("stream", text=f"{number}\n")]
            cell.metadata |= {
                "execution": {"iopub.status.busy": "2026-11-26T20:00:00Z"},
                "jupyter": {"outputs_hidden": True, "source_hidden": False},
                "collapsed": True,
                "scrolled": True,
            }
    return nbformat.writes(notebook) + "\n"


def test_a_notebook_that_was_run_and_saved_is_no_change_in_git_and_fails_no_test(clone):
    def run(*command: str | Path) -> str:
        done = subprocess.run(
            command,
            cwd=clone,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    names = ["book/evidence.ipynb", "solutions/lr01_first_step/lr01_first_step.ipynb"]
    before = {clone / name: (clone / name).read_bytes() for name in names}
    for path in before:
        path.write_text(as_saved(path))
    check = (sys.executable, "-m", "pytest", "-q", "tests/solutions/test_notebooks.py")
    assert "passed" in run(*check)
    assert run("git", "diff", "--name-only").split() == names
    run("make", "hooks")
    assert run("git", "diff") == ""
    run("git", "add", *names)
    assert run("git", "diff", "--cached", "HEAD", "--name-only") == ""
    run("make", "clean-notebooks")
    assert {path: path.read_bytes() for path in before} == before
    (clone / ".venv").rename(clone / "away")
    for path in before:
        path.touch()
    said = run("git", "diff")
    (clone / "away").rename(clone / ".venv")
    assert said == ""  # and no word about a filter that is not there


def test_a_hook_makes_a_stale_exercise_fresh_and_says_so(run_hook, clone):
    path = "exercises/lr01_first_step/lr01_first_step.ipynb"
    fresh = (clone / path).read_text()
    done = run_hook("release", path, fresh.replace("learning", "earning"))
    assert done.returncode == 1 and "files were modified by this hook" in done.stdout
    assert (clone / path).read_text() == fresh
