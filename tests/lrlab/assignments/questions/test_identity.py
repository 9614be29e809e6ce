"""Ids: which forms are one person's, and which are not."""

import sys
import unicodedata

import pytest

from autograder.identity import canonical as graders_canonical
from lrlab.assignments.questions import draw
from lrlab.assignments.questions.identity import canonical

ASCII = "".join(map(chr, range(0x21, 0x7F)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bob.ray", "Bob.Ray"),
        ("jos\xe9", "jose\u0301"),  # as one character, and as a Mac's folder has it
        ("ada", "\u200fa\u200bda\ufeff"),
        ("ada", "\xa0ada\u3000\n"),
        ("20231234", "２０２３１２３４"),
        ("20231234", 20231234),
        ("strasse", "Straße"),
    ],
)
def test_one_person(one, other):
    assert canonical(one) == canonical(other)
    assert draw(one) == draw(other)


@pytest.mark.parametrize(
    "other", ["eve@uni.example", "eve1", "e.ve", "ev e", "\u0435ve", "\xe8ve", "ev\u0435\u0301"]
)
def test_another_person(other):
    assert draw("eve").code != draw(other).code


def test_a_plain_id_is_its_own():
    plain = ASCII.lower()
    assert canonical(plain) == plain
    assert [draw(each).code for each in ("bob.ray", "eve@uni.example", "20231234")] == [
        "ZQ2P",
        "MD9N",
        "D3HV",
    ]


@pytest.mark.parametrize("nobody", ["", " ", "\u200f", "\ufeff\u3000"])
def test_what_cannot_be_seen_is_nobody(nobody, monkeypatch):
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    assert draw(nobody).questions == ()


def test_every_form_of_every_character_ends_at_the_same_for_student_and_grader():
    characters = map(chr, range(sys.maxunicode + 1))
    for each in characters:
        if unicodedata.decomposition(each) or each.casefold() != each:
            text = f"\xe9{each}\u0301"
            found = canonical(text)
            forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC")]
            assert {canonical(other) for other in [found, *forms]} == {found}, ascii(each)
        assert canonical(each) == graders_canonical(each), ascii(each)
