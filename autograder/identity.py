"""Which ids are one person's, whatever their form, and names as people read them.

``lrlab.assignments.questions.identity`` says the same to students, who have no grader; and a course
about something else has no lrlab. A test holds both equal.
"""

import re
import unicodedata

# Marks of the reading direction. Spreadsheets put them before honest names.
MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def canonical(student_id: str) -> str:
    """Return an id without what tells nobody apart: capitals, invisible characters, outer spaces."""
    text = "".join(each for each in student_id if unicodedata.category(each) != "Cf")
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded).strip()


def without_marks(text: str) -> str:
    """Return ``text`` in one line, without marks that turn the reading direction around."""
    return " ".join(MARKS.sub("", text).split())
