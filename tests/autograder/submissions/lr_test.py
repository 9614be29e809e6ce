"""The class of lr_test. Everybody has other questions, so the answers are made from the keys."""

from autograder.checks.lr_test.keys import key_of
from autograder.checks.lr_test.marking import lettered
from lrlab.assignments.questions import DrawnTest, draw
from lrlab.assignments.questions.question import LETTERS, Question

PLACES = range(1, 11)
FULL = {f"question_{place}": 1 for place in PLACES}


def identity(student_id: str | None, test_code: str | None) -> dict[str, str]:
    """Return the cells that say whose questions were answered."""
    return {
        "identity_answer": f"student_id = {student_id!r}",
        "code_answer": f"test_code = {test_code!r}",
    }


def answered(test: DrawnTest, answer) -> dict[str, str]:
    """Return the ten answer cells; ``answer(question)`` gives the source of one answer."""
    return {
        f"q{place}_answer": f"answer_{place} = {answer(test.questions[place - 1])}"
        for place in PLACES
    }


def loosely(question: Question) -> str:
    """A right answer: a small letter, a number half a percent off, a whole one as a float."""
    key = key_of(question)
    if question.options:
        return repr(f" {lettered(question, key)[0].lower()} ")
    return repr(key.right * 1.005 if question.answer == "number" else float(key.right))


def as_tensor(question: Question) -> str:
    """A right answer: a number as a tensor, computed in the cell."""
    key = key_of(question)
    if question.options:
        return repr(lettered(question, key)[0])
    return f'__import__("torch").tensor([{key.right / 4!r}]) * 4'


def slip(which: int):
    """Return a function that answers with the mistake number ``which``, and what it hears."""

    def answer(question: Question) -> tuple[str, str]:
        key = key_of(question)
        if question.options:
            right, sentences = lettered(question, key)
            letter = [each for each in LETTERS if each != right][which]
            return repr(letter), f"You chose {letter}. {sentences[letter]}"
        name = list(key.mistakes)[which]
        return repr(key.mistakes[name]), f"{key.sentences[name]} Read {key.read}."

    return answer


def misshapen(question: Question) -> tuple[str, str]:
    """An answer of the wrong form."""
    if question.options:
        return '"E"', "it should be one of A, B, C, D, in quotes"
    return '"about 1"', "it should be one number"


SLIPS = {
    "first_slip": slip(0),
    "second_slip": slip(1),
    "third_slip": slip(2),
    "misshapen": misshapen,
}
ANSWERS = {
    # On a JupyterHub: no id typed, and the code forgotten.
    "loose": identity(None, None) | answered(draw("loose"), loosely),
    "typed": identity(" typed ", draw("typed").code.lower()) | answered(draw("typed"), as_tensor),
    "borrowed": {},  # the master's notebook, handed in by somebody else
    "copied": identity(None, draw("master").code),
}
EXPECTED = {
    "borrowed": dict.fromkeys(
        FULL, (0, "You answered the questions of 'master', but yours are drawn for 'borrowed'")
    ),
    "copied": dict.fromkeys(FULL, (0, "which stands for other questions than yours")),
}
for _student, _slip in SLIPS.items():
    _test = draw(_student)
    ANSWERS[_student] = identity(_student, _test.code) | answered(
        _test, lambda question, answer=_slip: answer(question)[0]
    )
    EXPECTED[_student] = {
        f"question_{place}": (0, _slip(_test.questions[place - 1])[1]) for place in PLACES
    }
SLOW = None
