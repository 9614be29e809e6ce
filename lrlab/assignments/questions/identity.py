"""One id for one person: "Bob.Ray" and "bob.ray", and ids that look the same, are the same.

A folder from a Mac spells "é" as two characters, a Japanese keyboard types wide digits, and a
spreadsheet puts marks that nobody sees before a name. Questions are drawn for ``canonical(id)``, and
ids are compared by it, on the student's side and on the judge's. It follows Unicode's
NFKC_Casefold (The Unicode Standard, 3.13); an id of small ASCII letters, digits and signs stays as
it is.
"""

import unicodedata


def canonical(student_id: object) -> str:
    """Return an id without what tells nobody apart: capitals, invisible characters, outer spaces.

    It is empty when nothing of the id can be seen.
    """
    text = "".join(each for each in str(student_id) if unicodedata.category(each) != "Cf")
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded).strip()
