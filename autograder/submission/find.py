"""Finds the notebook to grade among what a student handed in.

It may have another name, lie a folder deeper, or lie beside copies of itself. A notebook of the
right name, where it should be, is the one, unless no question is answered in it and in exactly one
other they are: then the student can have meant no other. A sentence says what was chosen, and what
was not graded.
"""

import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nbformat import NotebookNode
from nbgrader import utils

from autograder.submission.document import MAX_BYTES, Unreadable, cells_in
from autograder.submission.files import listed, shown
from autograder.submission.tree import PACKED, Entry, tree

ENDINGS = (".ipynb.json", ".ipynb.txt", ".ipynb")  # the longer ones are some browsers' doing
COPY = re.compile(r"(?:[ _-]*(?:\(\d+\)|copy *\d*))+$")  # how JupyterLab and others number copies
MAX_CANDIDATES = 20  # notebooks that are read


@dataclass(frozen=True)
class Found:
    """The notebook to grade: its path below the folder, its cells, and what was odd about it."""

    name: str
    cells: list[dict]
    problems: list[str]


@dataclass(frozen=True)
class Candidate:
    """A file that may be the notebook.

    rank: how far its name and its place are from what they should be.
    cells: what is in it, or why that cannot be read.
    answers: the text of each of the assignment's answer cells that it has.
    """

    path: str
    rank: tuple[int, int]
    cells: list[dict] | Unreadable
    answers: dict[str, str]
    is_answered: bool


def find(folder: Path, name: str, others: Collection[str], release: NotebookNode) -> Found:
    """Return what a student handed in as the notebook ``name``.

    others: the names of the assignment's other notebooks. Raises Unreadable, with a sentence that
    says what to do.
    """
    try:
        entries = list(tree(folder))
    except OSError as error:
        raise Unreadable(f"The folder could not be read: {error.strerror}.") from None
    candidates = _candidates(folder, entries, name, others, release)
    answered = [each for each in candidates if each.is_answered]
    right = next((each for each in candidates if each.path == name), None)
    problems = []
    if right:
        chosen = right
        if right not in answered and len(different := _different(answered)) == 1:
            (chosen,) = different
            problems = [_instead(right, chosen.path)]
    elif candidates:
        chosen = _likeliest(candidates, name)
        problems = [_misplaced(chosen.path, name)]
    elif os.path.lexists(folder / name):
        return Found(name, cells_in(folder / name), [])  # which says why it cannot be read
    else:
        raise Unreadable(_nothing(name, entries))
    if ignored := [each for each in _different([chosen, *answered]) if each != chosen]:
        names = listed([each.path for each in ignored])
        problems.append(f"Only {shown(chosen.path)} was graded, not the answers in {names}.")
    if isinstance(chosen.cells, Unreadable):
        raise chosen.cells
    return Found(chosen.path, chosen.cells, problems)


def _candidates(
    folder: Path,
    entries: list[Entry],
    name: str,
    others: Collection[str],
    release: NotebookNode,
) -> list[Candidate]:
    """Read what may be the notebook, the likeliest first, and not without end."""
    asked = {cell.id: cell.source.strip() for cell in release.cells if utils.is_solution(cell)}
    ranked = []
    for entry in entries:
        rank = _rank(PurePosixPath(entry.name), name, others)
        if rank and not entry.refused:
            ranked.append((rank, entry.name, entry.size))
    found, free = [], MAX_BYTES
    for rank, path, size in sorted(ranked)[:MAX_CANDIDATES]:
        if found and size > free:
            continue
        free -= size
        try:
            cells = cells_in(folder / path)
        except Unreadable as error:
            found.append(Candidate(path, rank, error, {}, False))
            continue
        texts = {cell["name"]: cell["source"].strip() for cell in reversed(cells)}
        answers = {each: texts[each] for each in asked if each in texts}
        is_answered = any(text not in ("", asked[each]) for each, text in answers.items())
        found.append(Candidate(path, rank, cells, answers, is_answered))
    return found


def _rank(path: PurePosixPath, name: str, others: Collection[str]) -> tuple[int, int] | None:
    """Return how far a file is from being the notebook ``name``; None if it is none at all."""
    depth = len(path.parts)
    if path.name == name:
        return 0, depth
    written, wanted = path.name.casefold(), name.removesuffix(".ipynb").casefold()
    if written.startswith(".") or written in map(str.casefold, others):
        return None
    if written in (f"{wanted}.json", f"{wanted}.txt"):
        return 1, depth
    ending = next((each for each in ENDINGS if written.endswith(each)), None)
    if ending is None:
        return None
    return (1 if COPY.sub("", written.removesuffix(ending)) == wanted else 2), depth


def _likeliest(candidates: list[Candidate], name: str) -> Candidate:
    """Return the candidate that must be meant: answered, of this assignment, or well named."""
    for pool in (
        [each for each in candidates if each.is_answered],
        [each for each in candidates if each.answers],
        [each for each in candidates if each.rank[0] < 2],
        candidates,
    ):
        best = [each for each in pool if each.rank == pool[0].rank]
        if len(_different(best)) == 1:
            return best[0]
        if best:
            named = "and none is" if best[0].rank[0] else "all"
            names = listed([each.path for each in best])
            raise Unreadable(
                f"There are {len(best)} notebooks, {named} named {name}. Of {names}, hand in the "
                "one that counts, by this name and in no folder."
            )
    raise AssertionError("somebody asked for the likeliest of none")


def _different(candidates: list[Candidate]) -> list[Candidate]:
    """Return the candidates without those that have the same answers as one before."""
    kept = {}
    for each in candidates:
        kept.setdefault(frozenset(each.answers.items()) or each.path, each)
    return list(kept.values())


def _instead(right: Candidate, path: str) -> str:
    """Return what to say when another notebook than the ``right`` one is graded."""
    unreadable = isinstance(right.cells, Unreadable)
    why = right.cells if unreadable else f"No question is answered in {right.path}."
    return f"{why} So {shown(path)} was graded: hand that in as {right.path}."


def _misplaced(path: str, name: str) -> str:
    if "/" in path:
        return f"The notebook was found as {shown(path)}; hand it in as {name}, in no folder."
    return f"The notebook was renamed; hand it in as {name}."


def _nothing(name: str, entries: list[Entry]) -> str:
    """Return what to say when there is no notebook at all."""
    packed = [each.name for each in entries if each.name.casefold().endswith(PACKED)]
    if packed:
        return (
            f"There is no notebook here, but {shown(packed[0])}, which is packed: unpack it, and "
            f"hand in {name}."
        )
    return f"There is no notebook here: hand in {name}."
