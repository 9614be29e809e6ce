"""Why an answer is not there: the cell that should have made it, and what stopped that cell.

The judge says what it met: "`one_step` does not exist". The cause stands in the executed notebook.
A name's cell is the last one that binds it, found by the look of its lines: many of these cells are
no Python that could be parsed. If it stopped before it had done so, that is the cause. A cell that
stopped for want of another name leads on to that name's cell.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import PurePosixPath

from nbformat import NotebookNode

from autograder.grading.items import name_of
from autograder.grading.stopped_cells import NAME, about_limit
from autograder.grading.verdict_cells import is_test
from autograder.judge.verdict import Part, line_of
from autograder.sandbox.limits import Limits
from autograder.submission.errors import in_words, odd_letters, one_line, stop_of

SAID = re.compile(f"name '({NAME})' is not defined|`({NAME})`")
TEST = re.compile("The test failed at `([^`]*)`")
MOST_SAID = 4  # names in one message
MISSING = re.compile(f"`({NAME})` does not exist")
DEEPEST = 4  # cells through which a cause is followed
MOST = 200_000  # characters of code in a notebook that is looked at; most have a fortieth
# Of a whole cell: it writes a file, shows something, or runs its lines where they leave no names.
KEEPS_NOTHING = re.compile(r"%%(?!time\b|capture\b|prun\b)\w+")
BRINGS_NAMES = re.compile(r"^[ \t]*(?:from\b[^\n]*\bimport[ \t]*\*|%run\b|exec\()", re.MULTILINE)
MADE = re.compile(rf"^[ \t]*(?:(?:def|class)[ \t]+({NAME})|({NAME})[ \t]*=(?!=))", re.MULTILINE)
LOOK_ALIKES = str.maketrans("аеорсухіѕјԁһο", "aeopcyxisjdho", "_")  # Cyrillic, and a Greek o


class Causes:
    """The causes that an executed notebook shows.

    not_taken: the names of files that were handed in and did not lie beside it. limits: of the
    sandbox in which it ran.
    """

    def __init__(
        self,
        cells: Sequence[NotebookNode],
        not_taken: Collection[str] = (),
        limits: Limits = Limits(),  # noqa: B008 (it cannot be changed)
    ) -> None:
        code, self._above = [], {}
        for cell in cells:
            if is_test(cell):
                self._above[name_of(cell)] = len(code) - 1
            elif cell.cell_type == "code":
                code.append(cell)
        self._sources = [cell.source for cell in code]
        if sum(map(len, self._sources)) > MOST:
            self._sources = [""] * len(code)
        self._stops = [stop_of(cell) for cell in code]
        self._not_taken, self._limits = not_taken, limits
        self._ends = cache(lambda name: [bound_until(source, name) for source in self._sources])

    def told(self, item: str, verdict: dict) -> dict:
        """Return an item's verdict that also says why a part lost points, if that shows.

        Each part then has ``cause``, for the report to count: what is the same whatever was asked.
        """
        parts, causes = [], []
        for part in (Part(**each) for each in verdict["parts"]):
            why, cause = self.why(part.message, item) if part.earned < part.points else ("", "")
            said = f"{part.message.rstrip(' .:')}. {why}" if why else part.message
            parts.append(replace(part, message=said))
            causes.append({"cause": cause})
        if [vars(part) for part in parts] == verdict["parts"]:
            return verdict
        heading = verdict["text"].partition("\n")[0]
        return verdict | {
            "parts": [vars(part) | cause for part, cause in zip(parts, causes, strict=True)],
            "text": "\n".join([heading, *map(line_of, parts)]) + "\n",
        }

    def why(self, message: str, item: str) -> tuple[str, str]:
        """Return why what ``message`` says is so, and the first cause alone; or empty texts."""
        if links := self._links_of(message, item):
            said = SAID.search(message)
            first = said and said[2] == links[0][0]
            cells = [f"the cell that makes `{name}`" for name, _ in links]
            cells[0] = "Its cell" if first else f"T{cells[0][1:]}"
            chain = [f"{cell} {words}" for cell, (_, words) in zip(cells, links, strict=True)]
            return f"{'; '.join(chain)}.", f"A cell {links[-1][1]}."
        if missing := MISSING.search(message):
            return self._never_made(missing[1]), ""
        limit = about_limit(message, self._limits)
        said = [f"{limit[:1].upper()}{limit[1:]}"] if limit else []
        return " ".join(f"{each}." for each in (*said, *self._about_files(message))), ""

    def _links_of(self, message: str, item: str) -> list[tuple[str, str]]:
        """Return names, and what is wrong with the cell of each, from effect to cause."""
        tested = TEST.match(message)
        names = [said[1] or said[2] for said in SAID.finditer(message)]
        names += [
            each for each in re.findall(NAME, tested[1] if tested else "") if any(self._ends(each))
        ]
        for name in names[:MOST_SAID]:
            if links := self._links(name, len(self._sources)):
                return links
        missing, above = MISSING.search(message), self._above.get(item, -1)
        if missing and above >= 0 and self._stops[above] and not any(self._ends(missing[1])):
            return self._from(above, missing[1])  # it may have a way of its own to make it
        return []

    def _links(self, name: str, before: int, depth: int = 0) -> list[tuple[str, str]]:
        """Return the same for ``name``, as it is missed by the cells from ``before`` on."""
        ends = self._ends(name)
        cells = [index for index in range(before) if ends[index]]
        if not cells and any(ends[before:]):
            return [(name, "stands below the cell that needs it")]
        if not cells:  # one that would have brought it from elsewhere
            cells = [
                index
                for index in range(before)
                if self._stops[index] and BRINGS_NAMES.search(self._sources[index])
            ]
        if not cells:
            return []
        stop = self._stops[cells[-1]]
        if stop is None:
            magic = KEEPS_NOTHING.match(self._sources[cells[-1]])
            return [(name, f"begins with `{magic[0]}`, so it makes no name")] if magic else []
        if stop.line and stop.while_running and stop.line > ends[cells[-1]] > 0:
            return []  # the name was made before it stopped
        return self._from(cells[-1], name, depth)

    def _from(self, index: int, name: str, depth: int = 0) -> list[tuple[str, str]]:
        """Return the same, beginning with the cell at ``index``, which stopped."""
        stop = self._stops[index]
        limit = about_limit(f"{stop.name} {stop.text}", self._limits)
        said = [in_words(stop, self._sources[index]), limit, *self._about_files(stop.text)]
        words = "; ".join(filter(None, said))
        other = SAID.search(stop.text)
        deeper = other and other[1] and depth < DEEPEST
        return [(name, words), *(self._links(other[1], index, depth + 1) if deeper else ())]

    def _about_files(self, text: str) -> Iterator[str]:
        """Yield a word about each file that an error is about and that was not taken."""
        for name in self._not_taken:
            path = PurePosixPath(name)
            module = path.parts[0].removesuffix(".py")
            if any(
                each in text for each in (f"/{path.name}'", f"'{path.name}'", f"named '{module}'")
            ):
                yield f"{one_line(name)} was handed in, but not taken"

    def _never_made(self, name: str) -> str:
        """Return what to say of a name that no cell makes; nothing if a cell might have."""
        if any(self._ends(name)) or any(map(BRINGS_NAMES.search, self._sources)):
            return ""
        made = (found[1] or found[2] for each in self._sources for found in MADE.finditer(each))
        for other in made:
            if _seen(other) == _seen(name):
                return (
                    f"There is `{other}`{odd_letters(other)}: give it the name as it stands here."
                )
        return "No cell of your notebook makes it." if self._sources else ""


def bound_until(source: str, name: str) -> int:
    """Return the line on which the last statement ends that binds ``name``; 0 when none does."""
    if name not in source:
        return 0
    word = re.escape(name)
    several = r"(?:[*(\[]*\w+[ \t]*,[ \t]*)"
    binding = rf"""
        ^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+{word}\b
        | ^[ \t]*(?:import|from)\b[^\n]*\b{word}\b
        | ^[ \t]*from\b[^\n(]*\([^)]{{0,2000}}\b{word}\b
        | (?:^|;)[ \t]*(?:%\w+[ \t]+)?{several}{{0,20}}[*(\[]*{word}[ \t]*
          (?:[,)\]:][^=\n]{{0,200}})?(?:[-+*/@&|^%]|//|\*\*|<<|>>)?=(?!=)
        | \b(?:as|for)[ \t(]+{several}{{0,8}}{word}\b
        | \b{word}[ \t]*:=
    """
    found = [*re.finditer(binding, source, re.MULTILINE | re.VERBOSE)]
    return _end(source.split("\n"), source.count("\n", 0, found[-1].start())) if found else 0


def _end(lines: list[str], first: int) -> int:
    """Return the number of the last line of the statement that begins at index ``first``."""
    indent = len(lines[first]) - len(lines[first].lstrip())
    for number, line in enumerate(lines[first + 1 :], first + 1):
        inside = line[: indent + 1].isspace() or line.lstrip()[:1] in tuple(")]}")
        if line.strip() and not inside:
            return number
    return len(lines)


def _seen(name: str) -> str:
    """Return a name as a reader sees it who looks neither at capitals nor at underscores."""
    return unicodedata.normalize("NFKC", name).casefold().translate(LOOK_ALIKES)
