"""Writes verdicts into the cells that nbgrader and the student read.

Nothing that the student's process printed in a test cell is left as it was: an error or a line on
standard error there would count as 0 points, and a number as points.
"""

from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output
from nbgrader import utils

from autograder.judge.verdict import wrapped

NOTE = "note"  # the id of the cell on problems, which is the first


def is_test(cell: NotebookNode) -> bool:
    """Return whether ``cell`` is a code cell that earns points by a check."""
    return cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)


def write_verdict(cell: NotebookNode, verdict: dict) -> None:
    """Replace a test cell's outputs by what nbgrader reads: text, then one finite float."""
    text = verdict["text"]
    if said := visible_check(cell):
        text += wrapped(f"The visible check in this cell said: {said}", indent=2) + "\n"
    points = min(max(float(verdict["points"]), 0.0), float(cell.metadata.nbgrader["points"]))
    cell.execution_count = cell.get("execution_count") or 1
    cell.outputs = [
        new_output("stream", name="stdout", text=text),
        new_output(
            "execute_result",
            data={"text/plain": repr(points)},
            execution_count=cell.execution_count,
        ),
    ]


def visible_check(cell: NotebookNode) -> str:
    """Return what a test cell's own code printed or raised, as one short line of text."""
    said = []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            said.append(output.text)
        elif output.output_type == "error":
            said.append(output.evalue or output.ename)
    line = " ".join(strip_ansi(" ".join(said)).split())
    return line if len(line) <= 300 else line[:300] + " ..."


def no_verdict(max_points: float, sentence: str) -> dict:
    """Return the verdict on a cell that could not be judged."""
    part = {"points": max_points, "earned": 0.0, "message": sentence}
    text = f"0 of {max_points:g} points\n" + wrapped(f"  {sentence}", indent=2) + "\n"
    return {"points": 0.0, "max_points": max_points, "parts": [part], "text": text}


def notice(problems: list[str]) -> NotebookNode:
    """Return a cell that tells the student what was odd about the submission."""
    lines = "\n".join(f"- {problem}" for problem in problems)
    return new_markdown_cell(f"**A note from the grading:**\n\n{lines}", id=NOTE)
