"""The one function that a notebook's visible checks are written with.

A visible check says whether an answer has the right form. When it fails, the reader should see one
sentence, not a stack trace through code that is not theirs.
"""


class CheckFailed(AssertionError):
    """A visible check failed. IPython and Jupyter show its message and nothing else."""

    def _render_traceback_(self) -> list[str]:
        """Replace IPython's stack trace by the message (IPython's own hook for this)."""
        return [f"Not yet: {self}"]


def expect(condition: object, message: str) -> None:
    """Raise ``CheckFailed(message)`` unless ``condition`` is true.

    ``message`` is one sentence that says what the value should look like, never what it should be.
    """
    if not condition:
        raise CheckFailed(message)
