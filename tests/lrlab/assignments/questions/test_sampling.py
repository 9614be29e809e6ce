"""Ten questions from banks of any size: balanced, spread over the chapters, fair, and at once."""

import time
from collections import Counter

import pytest

from lrlab.assignments.questions.chance import Chance
from lrlab.assignments.questions.question import Template
from lrlab.assignments.questions.sampling import BALANCE, sample

FIVE = ("easy", "easy", "medium", "medium", "hard")
ALL = ("easy", "medium", "hard")


def bank(*chapters: tuple[str, ...]) -> tuple[Template, ...]:
    """Return a bank whose chapters, from 1, have questions of these difficulties."""
    return tuple(
        Template(f"{chapter}/{number}", chapter, difficulty, "", {})
        for chapter, difficulties in enumerate(chapters, 1)
        for number, difficulty in enumerate(difficulties)
    )


def draws(templates: tuple[Template, ...], students: int = 200) -> list[list[Template]]:
    """Return what many students are asked, each of them ten different, balanced questions."""
    drawn = [sample(templates, Chance(f"student-{number}")) for number in range(students)]
    for questions in drawn:
        assert [each.difficulty for each in questions] == (
            ["easy"] * 4 + ["medium"] * 3 + ["hard"] * 3
        )
        assert len({each.name for each in questions}) == 10
    return drawn


def spread(questions: list[Template]) -> list[int]:
    """Return how many questions each of the chapters has, the fewest first."""
    return sorted(Counter(each.chapter for each in questions).values())


@pytest.mark.parametrize(
    ("chapters", "expected"),
    [
        (1, [10]),
        (3, [3, 3, 4]),
        (6, [1, 1, 2, 2, 2, 2]),
        (9, [1] * 8 + [2]),
        (10, [1] * 10),
        (11, [1] * 10),
        (15, [1] * 10),
    ],
)
def test_chapters_are_asked_about_evenly_and_every_question_comes_up(chapters, expected):
    templates = bank(*[FIVE if chapters > 1 else FIVE * 3] * chapters)
    drawn = draws(templates)
    assert all(spread(questions) == expected for questions in drawn)
    counts = Counter(each.name for questions in drawn for each in questions)
    rarest = min(counts[each.name] for each in templates)
    assert rarest > 200 * 10 / len(templates) / 4


# Chapters that lack a difficulty: how many of them can be asked about, and the questions for which
# there is never room. Without exchanges many of these draws would end too early.
ONE_SIDED = {
    "ten, each with one difficulty": (
        [("easy",)] * 4 + [("medium",)] * 3 + [("hard",)] * 3,
        10,
        set(),
    ),
    "ten, one has easy and hard": (
        [("easy",)] * 3 + [("easy", "hard")] + [("medium",)] * 3 + [ALL] * 3,
        10,
        {"8/1", "9/1", "10/1"},
    ),
    "eleven, easy ones in four": ([("medium", "hard")] * 7 + [("easy",)] * 4, 10, set()),
    "fifteen, hard ones in three": (
        [("easy", "medium")] * 12 + [("hard", "easy")] * 3,
        10,
        {"13/1", "14/1", "15/1"},
    ),
    "six, half without easy ones": ([FIVE] * 3 + [("medium", "hard", "hard")] * 3, 6, set()),
    "six, one with one question": ([FIVE] * 5 + [("hard",)], 6, set()),
}


@pytest.mark.parametrize("name", ONE_SIDED)
def test_a_chapter_may_lack_a_difficulty(name):
    chapters, reached, never = ONE_SIDED[name]
    templates = bank(*chapters)
    drawn = draws(templates)
    assert {len(spread(questions)) for questions in drawn} == {reached}
    asked = {each.name for questions in drawn for each in questions}
    assert asked == {each.name for each in templates} - never


def test_chapters_are_as_even_as_the_bank_allows():
    """Ten chapters, but easy questions in two of them only: the other two come from these two."""
    chapters = [("easy", "easy", "hard")] * 2 + [("medium", "hard")] * 8
    assert {tuple(spread(each)) for each in draws(bank(*chapters))} == {(1, 1, 1, 1, 1, 1, 2, 2)}


def test_the_chapters_of_a_large_bank_differ_from_student_to_student():
    seen = {frozenset(each.chapter for each in drawn) for drawn in draws(bank(*[FIVE] * 15), 50)}
    assert len(seen) > 45


@pytest.mark.parametrize("short", BALANCE)
def test_too_few_questions_of_a_difficulty_are_named(short):
    chapters = [tuple(each for each in ALL if each != short)] * 6 + [(short,)] * 2
    with pytest.raises(ValueError, match=rf"too few questions: .*'{short}': 2.*; a test takes"):
        sample(bank(*chapters), Chance("x"))


def test_a_bank_of_fifteen_chapters_draws_in_milliseconds():
    templates = bank(*[FIVE] * 15)
    start = time.process_time()
    for number in range(100):
        sample(templates, Chance(str(number)))
    assert time.process_time() - start < 100 * 0.01
