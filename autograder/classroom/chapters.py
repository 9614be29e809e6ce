"""The chapters that students may have, and a git repository of nothing else for nbgitpuller.

The course's own repository holds solutions and checks, so no student may pull it. The other one is made
of this one's last commit: the pages of the book that are notebooks, where the site's buttons look for
them, and the license. Each time a commit is added to what is there, so that whoever has pulled it, and
worked in it, can pull again.
"""

import os
import subprocess
import tempfile
from pathlib import Path

import yaml

from autograder import ROOT

BRANCH = "main"  # repository_branch in _config.yml
AUTHOR = ("-c", "user.name=the authors of this course", "-c", "user.email=course@localhost")


def pages() -> list[str]:
    """Return the book's pages that are notebooks, as files' names, in the order of its contents."""
    contents = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    names = [f"{each['file']}.ipynb" for each in contents["chapters"]]
    return [name for name in names if (ROOT / "book" / name).is_file()]


def publish(repository: str) -> bool:
    """Put the chapters, as last committed, into ``repository``; return whether they have changed.

    repository: an address that git can push to, or a folder; one that is not there is made, for
    everybody to read. Raises subprocess.CalledProcessError; git has then said why.
    """
    if ":" not in repository:  # no address of another machine
        repository = str(Path(repository).absolute())
        if not Path(repository).exists():
            _git(
                "init",
                "--quiet",
                "--bare",
                "--shared=0644",
                f"--initial-branch={BRANCH}",
                repository,
            )
    tree = _tree(["LICENSE", *(f"book/{page}" for page in pages())])
    before = _git("ls-remote", repository, f"refs/heads/{BRANCH}").split()[:1]
    if before:
        _git("fetch", "--quiet", repository, BRANCH)
        if _git("rev-parse", f"{before[0]}^{{tree}}") == tree:
            return False
    of = _git("rev-parse", "--short", "HEAD")
    parents = [word for each in before for word in ("-p", each)]
    commit = _git(*AUTHOR, "commit-tree", tree, *parents, "-m", f"The chapters as of {of}")
    _git("push", "--quiet", repository, f"{commit}:refs/heads/{BRANCH}")
    return True


def _tree(paths: list[str]) -> str:
    """Return git's name for a tree of these files alone, as they were last committed."""
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}  # not the one that people work with
        files = _git("ls-tree", "-r", "HEAD", "--", *paths)
        _git("update-index", "--add", "--index-info", given=files + "\n", **index)
        return _git("write-tree", **index)


def _git(*words: str, given: str = "", **environment: str) -> str:
    done = subprocess.run(
        ["git", *words],
        cwd=ROOT,
        env=os.environ | environment,
        input=given,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.strip()
