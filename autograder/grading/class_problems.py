"""The problems of a class, as the last words of a grading: who, what happened, and what to do.

Names and sentences are in part what students chose: each becomes plain text of one line.
"""

import textwrap
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder import outcomes
from autograder.course import released
from autograder.outcomes import PROBLEM, UNREADABLE, WORDS
from autograder.submission.errors import one_line

WIDTH = 80  # characters of a line: as many as the dialog of formgrader's button shows
LONGEST = 400  # characters of what happened to one student
MOST = 30  # different things that happened; of the others only the students are named
NEXT = {
    UNREADABLE: "no score in an LMS until you decide in formgrader",
    PROBLEM: "its page begins with a note on it",
}


def class_problems(
    course: CourseDirectory,
    assignment: str,
    students: Iterable[str],
    passed_over: list[str],
    unknown: list[str],
) -> str:
    """Return lines on everyone among ``students`` who has a problem; none when nobody has.

    passed_over: sentences on what was handed in and is no submission. unknown: who is on no class
    list.
    """
    names = [path.stem for path in released(course, assignment)]
    found: dict[str, dict[str, list[str]]] = {status: defaultdict(list) for status in NEXT}
    for student in students:
        status, problems = outcomes.ended(Path(course.root), assignment, names, student)
        if status in found:
            found[status][one_line(" ".join(problems), LONGEST)].append(one_line(student))
    lines = []
    for status, said in found.items():
        if said:
            lines.append(f"{sum(map(len, said.values()))} {WORDS[status]} ({NEXT[status]}):")
            lines += _listed(said)
    if passed_over:
        lines += [f"{len(passed_over)} passed over:", *map(_indented, passed_over)]
    if unknown:
        names = ", ".join(map(one_line, unknown))
        lines += [f"{len(unknown)} on no class list (a mistyped folder?):", _indented(names)]
    if lines:
        lines.append(f"More on each: python -m autograder report {assignment}")
    return "\n".join(lines)


def _listed(said: dict[str, list[str]]) -> list[str]:
    """Return what happened, the commonest first, each with the students to whom it did."""
    ordered = sorted(said.items(), key=lambda each: (-len(each[1]), each[1]))
    lines = [_indented(f"{', '.join(who)}: {what}") for what, who in ordered[:MOST]]
    if rest := sorted(student for _, who in ordered[MOST:] for student in who):
        said = f"and {len(rest)} more, of whom the report tells: {', '.join(rest)}"
        lines.append(_indented(said))
    return lines


def _indented(text: str) -> str:
    """Return a text as lines; what is too long for one, such as a path, stays in one piece."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
