"""Names ids that are one person's in all but form: capitals, accents, characters that nobody sees.

A folder "Bob.Ray" beside a "bob.ray" in the gradebook is one person, whose score has two rows. Or
they are two, and one of them has taken the other's questions: ``lr_test`` draws the same for both.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from autograder.identity import canonical
from autograder.report.entries import GRADED, PROBLEM, Entry


def named_alike(entries: dict[str, Entry], known: Iterable[str]) -> dict[str, Entry]:
    """Return entries by id, with a problem for each whose id is another's, or another known one."""
    forms: dict[str, set[str]] = defaultdict(set)
    for student in {*entries, *known}:
        forms[canonical(student)].add(student)
    return {
        student: _named(entry, student, forms[canonical(student)])
        for student, entry in entries.items()
    }


def _named(entry: Entry, student: str, forms: set[str]) -> Entry:
    others = [ascii(each) for each in sorted(forms) if each != student]
    if not others:
        return entry
    sentence = (
        f"The id {student!a} is {' and '.join(others)} in another form. If they are one person, "
        "rename the folder to the id in the gradebook; if not, one of them needs another id."
    )
    status = PROBLEM if entry.status == GRADED else entry.status
    return replace(entry, status=status, problems=(*entry.problems, sentence))
