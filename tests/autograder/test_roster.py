"""Class lists as spreadsheets save them, and what is said of the lines that cannot be read."""

import unicodedata
from pathlib import Path

import pytest
from commands import autograder, nbgrader
from nbgrader.api import Gradebook

from autograder.roster import read_roster

ROOT = Path(__file__).resolve().parents[2]
HEADER = "id,first_name,last_name,email\n"
TABLE = HEADER + "ann,José,García,ann@example.org\nbob,Zoë,Dö,\n"
CLASS = {
    "ann": {"first_name": "José", "last_name": "García", "email": "ann@example.org"},
    "bob": {"first_name": "Zoë", "last_name": "Dö", "email": None},
}
SEMICOLONS = TABLE.replace(",", ";")
FORMS = {
    "plain": TABLE.encode(),
    "a mark before it": TABLE.encode("utf-8-sig"),
    "windows": TABLE.replace("\n", "\r\n").encode("utf-8-sig"),
    "an old mac": TABLE.replace("\n", "\r").encode(),
    "semicolons": SEMICOLONS.encode("utf-8-sig"),
    "its separator named": f"sep=;\r\n{SEMICOLONS}".encode(),
    "unicode text": TABLE.replace(",", "\t").encode("utf-16"),
    "everything quoted": "".join(
        '"' + line.replace(",", '","') + '"\r\n' for line in TABLE.splitlines()
    ).encode("utf-8-sig"),
    "empty lines": f"{SEMICOLONS};;;\r\n\r\n;;;\r\n".encode(),
    "letters in two parts": unicodedata.normalize("NFD", TABLE).encode(),
    "spaces and marks": TABLE.replace(",", " ,\u200f ").replace("ann,", "\u200eann,").encode(),
    "other names of columns": TABLE.replace(HEADER, "ID,First Name,last-name, Email\n").encode(),
    "another order": b"email;id\nann@example.org;ann\n;bob\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_table_is_read_in_every_form(form):
    roster = read_roster(FORMS[form])
    assert roster.complaints == []
    columns = {"email"} if form == "another order" else CLASS["ann"].keys()
    assert roster.students == {
        student: {name: about[name] for name in columns} for student, about in CLASS.items()
    }


def test_an_older_encoding_is_guessed_and_said():
    roster = read_roster(SEMICOLONS.encode("cp1252"))
    assert roster.students == CLASS
    (complaint,) = roster.complaints
    assert "is not in UTF-8" in complaint and "save it as CSV UTF-8" in complaint


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (",Cyd,,", "Line 4 is not read: it has no id."),
        ("2.02E+07,Cyd,,", "changed a number to 2.02E+07; make the column text"),
        ("20231234.0,Cyd,,", "changed a number to 20231234.0"),
        ("cyd,Cy, Jr.,Dee,c@example.org", "it has more cells than the first line"),
        ("ANN,Ann,,", "'ANN' is the student of line 2."),
        ("\u200bb\u2060ob,Bob,,", r"'\u200bb\u2060ob' is the student of line 3."),
    ],
)
def test_a_line_that_is_not_understood_is_named_and_costs_nobody_else(line, complaint):
    roster = read_roster(f"{TABLE}{line}\ndan,Dan,Dunn,\n".encode())
    (said,) = roster.complaints
    assert complaint in said
    assert roster.students.keys() == {"ann", "bob", "dan"}


def test_a_number_of_the_platform_that_the_spreadsheet_shortened_is_named():
    roster = read_roster(b'id,lms_user_id\nann,101\nbob,"1,2E+12"\n')
    assert roster.students == {"ann": {"lms_user_id": "101"}}
    assert "1,2E+12" in roster.complaints[0]


def test_columns_that_nbgrader_does_not_have_are_named():
    roster = read_roster(b"id,Tutor,email\nann,x,a@example.org\n")
    assert roster.students == {"ann": {"email": "a@example.org"}}
    assert roster.complaints == [
        "Columns that nbgrader does not have, and that are not read: tutor."
    ]


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"name,email\nann,a\n", b"PK\x03\x04\x00\xff", b"\x00"]
)
def test_what_is_no_class_list_is_called_that(content):
    with pytest.raises(ValueError, match="The first line should name the columns"):
        read_roster(content)


def students(course: Path) -> dict[str, str]:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {each.id: each.first_name for each in gradebook.students}


def test_the_gradebook_gets_the_class(tmp_path):
    """Who handed in under another form of the id stays one student."""
    (tmp_path / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    (tmp_path / "autograder").symlink_to(ROOT / "autograder")
    nbgrader(tmp_path, "db", "student", "add", "Bob")
    (tmp_path / "class.csv").write_bytes(FORMS["semicolons"] + b";No;Body;\r\n")
    said = autograder(tmp_path, "roster", "class.csv").splitlines()
    assert said[-3:] == [
        "Students added: 1, updated: 1.",
        "Line 4 is not read: it has no id.",
        "'bob' is 'Bob' in the gradebook.",
    ]
    assert students(tmp_path) == {"ann": "José", "Bob": "Zoë"}
    assert "Students added: 0, updated: 2." in autograder(tmp_path, "roster", "class.csv")
    with pytest.raises(AssertionError, match="none.csv: nothing was read: .* No such file"):
        autograder(tmp_path, "roster", "none.csv")
