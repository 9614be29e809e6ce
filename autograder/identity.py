"""Which ids are one person's, whatever their form, and names as people read them.

``lrlab.assignments.questions.identity`` says the same to students, who have no grader; and a course
about something else has no lrlab. A test holds both equal.
"""

import re
import unicodedata
from collections.abc import Mapping

# Marks of the reading direction. Spreadsheets put them before honest names.
MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def canonical(student_id: str) -> str:
    """Return an id without what tells nobody apart: capitals, invisible characters, outer spaces."""
    text = "".join(each for each in student_id if unicodedata.category(each) != "Cf")
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded).strip()


def ids_of(student: str, same_person: Mapping[str, str]) -> list[str]:
    """Return a student's id, and the other one that ``same_person`` has for it in any form."""
    others = {canonical(each): other for each, other in same_person.items()}
    return [student, *filter(None, [others.get(canonical(student))])]


def without_marks(text: str) -> str:
    """Return ``text`` in one line, without marks that turn the reading direction around."""
    return " ".join(MARKS.sub("", text).split())
