"""The door to a submission: questions to forks of its kernel, within a time for all together.

``student`` stands behind it for checks, ``tested`` for an instructor's own tests.
"""

from collections.abc import Callable

from autograder.judge.fork import Fork
from autograder.judge.verdict import OutOfTime, StudentFailure
from autograder.sandbox.limits import after_a_hang
from autograder.sandbox.patience import Patience


class Door:
    """Questions to one submission.

    take: gives a fork of the student's process as it is now; called when there is a question.
    waited: how long the student's process has waited for a processor since this was last called.
    seconds: the time limit of one question, until one of them runs into it.
    patience: the time limit of all questions together.
    problem: a sentence on the first limit that was met, for whoever has to know.
    """

    problem: str | None = None

    def __init__(
        self,
        take: Callable[[], Fork],
        waited: Callable[[], float],
        seconds: int,
        patience: float,
    ) -> None:
        self._take = take
        self._waited = waited
        self._seconds = seconds
        self._patience = self._allowed = patience
        self._fork: Fork | None = None

    def ask(self, question: dict) -> dict:
        """Return the answer to a question, as ``bridge`` sends it.

        A question that fails costs its fork: the next one meets the student's process as it was.
        Raises StudentFailure when there is no answer.
        """
        if self._patience <= 0:
            said = f"took too long, all together (more than {self._allowed:g} s), to ask for more"
            self.problem = self.problem or f"Your functions {said}."
            raise StudentFailure(f"your functions {said}")
        patience = Patience(self._seconds, self._waited)
        try:
            self._fork = self._fork or self._take()
            return self._fork.ask(question, patience)
        except StudentFailure as failure:
            if isinstance(failure, OutOfTime):
                self.problem = self.problem or _too_slow(question, self._seconds)
                self._seconds = after_a_hang(self._seconds)
            self.close()
            raise
        finally:
            self._patience -= patience.spent()

    def close(self) -> None:
        """Let go of the fork: the next question is about the student's process as it is then."""
        if self._fork:
            self._fork.close()
        self._fork = None


def _too_slow(question: dict, seconds: float) -> str:
    asked = f"`{question['name']}`" if "name" in question else "A test of your code"
    said = f"{asked} took more than {seconds:g} s when it was checked, and was stopped."
    return f"{said} Look for a loop that never ends."
