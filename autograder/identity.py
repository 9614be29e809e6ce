"""Which ids are one person's, whatever their form: for the report, rosters and settings.

``lrlab.assignments.questions.identity`` says the same to students, who have no grader; and a course
about something else has no lrlab. A test holds both equal.
"""

import unicodedata


def canonical(student_id: str) -> str:
    """Return an id without what tells nobody apart: capitals, invisible characters, outer spaces."""
    text = "".join(each for each in student_id if unicodedata.category(each) != "Cf")
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded).strip()
