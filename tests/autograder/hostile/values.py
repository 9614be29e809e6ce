"""What a hostile process may answer to a check: every kind of value that ``wire.decode`` lets in.

A check that stops with an error of its own on one of them would leave a submission ungraded.
"""

import math
import random
import time
from collections.abc import Callable

import torch

from autograder.judge.student import Reply, Student
from autograder.judge.verdict import Part, StudentFailure
from autograder.judge.wire import Model, Other

LARGE = 2**63 - 1
SCALARS = [None, True, False, 0, 1, -1, LARGE, -LARGE, 3.5, math.nan, math.inf, -math.inf, 5e-324]
TEXTS = ["", "A", "B", "x" * 100_000, "\ud800", "\x00", "1e400", "nan"]
LISTS = [[], [None], [math.nan], ["A"], ["A", "B"], [["A"]], [1, 2.0], [1e308] * 3, [[], {}]]
TABLES = [{}, {"a": 1}, {1: 2, None: 3, 2.5: math.nan}, {"weights": Other("object")}]
TENSORS = [
    torch.tensor(1.0),
    torch.tensor(math.nan),
    torch.tensor([math.inf]),
    torch.empty(0),
    torch.zeros(3),
    torch.zeros(2, 3),
    torch.zeros(0, 2**20),
    torch.tensor(5),
    torch.tensor([True, False]),
    torch.zeros(3, dtype=torch.uint8),
    torch.zeros(3, dtype=torch.float16),
    torch.zeros(100_000),
    torch.zeros((1,) * 8),
]
VALUES = [*SCALARS, *TEXTS, *LISTS, *TABLES, *TENSORS, Other("object"), [torch.zeros(3), 1.0]]
SECONDS = 1.0  # for all values of one check; a check that trains a model sees fewer


class Liar(Student):
    """A student whose process answers with whatever ``pick`` gives."""

    def __init__(self, pick: Callable[[], object], chance: random.Random) -> None:
        super().__init__(None, 5, ["ada"])
        self._pick, self._chance = pick, chance

    def variable(self, name: str) -> object:
        """Return any value."""
        return self._pick()

    def call(self, name: str, *arguments: object) -> Reply:
        """Return any value, and weights that fit the models but mean nothing."""
        change = self._chance.choice([torch.clone, torch.zeros_like, lambda each: each * math.nan])
        models = [each for each in arguments if isinstance(each, Model)]
        weights = [{name: change(each) for name, each in m.weights.items()} for m in models]
        return Reply(self._pick(), weights)


def faults(check: Callable[[Student], list[Part]]) -> list[str]:
    """Return a sentence for every value at which ``check`` stops with an error of its own."""
    found, chance = [], random.Random(0)
    picks = [lambda value=value: value for value in VALUES]
    picks += [lambda: chance.choice(VALUES)] * 50
    end = time.monotonic() + SECONDS
    for number, pick in enumerate(picks):
        if time.monotonic() > end:
            break
        try:
            check(Liar(pick, chance))
        except StudentFailure:
            pass
        except Exception as error:  # noqa: BLE001 (this is what must not be)
            shown = repr(VALUES[number])[:40] if number < len(VALUES) else "a mixture"
            found.append(f"{shown}: {type(error).__name__}: {error}")
    return found
