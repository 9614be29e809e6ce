"""Changes of the notebook itself: test cells, tags, metadata, ids, order, copies, outputs."""

import copy

from nbformat import from_dict
from nbgrader.utils import compute_checksum

from hostile.case import Case, cells_of
from hostile.trial import FULL

LUCK = {"output_type": "execute_result", "data": {"text/plain": "2.0"}, "metadata": {}}


def tests_of(document: dict) -> list[dict]:
    """Return the graded test cells of a notebook's JSON document."""
    return [cell for cell in document["cells"] if cell["id"] in FULL]


def without_tests(document: dict) -> None:
    """Delete every test cell."""
    document["cells"] = [cell for cell in document["cells"] if cell["id"] not in FULL]


def with_own_tests(document: dict) -> None:
    """Write every test cell anew, so that it ends with a number of points."""
    for cell in tests_of(document):
        cell["source"] = "2.0"


def with_tags(document: dict) -> None:
    """Tag every test cell with what nbclient and nbgrader obey."""
    for cell in tests_of(document):
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception", "remove_cell"]


def with_points(document: dict) -> None:
    """Raise all points, also those of cells that have none."""
    for cell in document["cells"]:
        cell["metadata"].setdefault("nbgrader", {}).update(points=100, grade=True)


def with_swapped_names(document: dict) -> None:
    """Name the cells in another order: the hardest test becomes the easiest cell."""
    names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in document["cells"]]
    for cell, name in zip(document["cells"], reversed(names), strict=True):
        if name:
            cell["metadata"].setdefault("nbgrader", {})["grade_id"] = name


def with_copies(document: dict) -> None:
    """Put a copy of each test before it and after it, with a result of its own."""
    for cell in tests_of(document):
        own = {**copy.deepcopy(cell), "source": "2.0", "outputs": [{**LUCK, "execution_count": 1}]}
        place = document["cells"].index(cell)
        document["cells"][place : place + 1] = [own, cell, own]


def with_outputs(document: dict) -> None:
    """Store the outputs of a test that was passed, and say that it ran."""
    for cell in tests_of(document):
        cell.update(execution_count=1, outputs=[{**LUCK, "execution_count": 1}])
        cell["metadata"]["nbgrader"]["locked"] = False


def by_hand(document: dict) -> None:
    """Turn every test into an answer that a person grades, or into a task."""
    for number, cell in enumerate(tests_of(document)):
        cell["metadata"]["nbgrader"].update(solution=True, locked=False, task=number % 2 == 0)


def as_text(document: dict) -> None:
    """Turn every test into text."""
    for cell in tests_of(document):
        cell["cell_type"] = "markdown"
        del cell["outputs"], cell["execution_count"]


def with_another_kernel(document: dict) -> None:
    """Ask for another kernel, and use every name that the grader might keep notes under."""
    document["metadata"] = {
        "kernelspec": {"name": "bash", "display_name": "bash", "argv": ["/bin/sh", "-c", "exit"]},
        "language_info": {"name": "bash", "file_extension": "/../../x"},
        "grading": {"readable": False, "problems": ["EVE-WAS-HERE"]},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}}},
        "nbgrader": {"points": 100},
        "autograded": True,
    }


def backwards(document: dict) -> None:
    """Turn the order of all cells round."""
    document["cells"].reverse()


def without_names(document: dict) -> None:
    """Give every cell the same id, and take nbgrader's metadata away."""
    for cell in document["cells"]:
        cell.update(id="q_step", metadata={})


def with_another_given(document: dict) -> None:
    """Change the locked cell that all others rely on."""
    cells_of(document)["given"]["source"] = "LARGEST_RATE = -1.0"


def as_if_released(document: dict) -> None:
    """Write tests and the given cell anew, with the checksums of a release that never was."""
    with_own_tests(document)
    with_another_given(document)
    for cell in (*tests_of(document), cells_of(document)["given"]):
        cell["metadata"]["nbgrader"]["checksum"] = compute_checksum(from_dict(cell))


def as_if_added(document: dict) -> None:
    """Answer questions that no release has asked, each of many points."""
    for number, cell in enumerate(copy.deepcopy(tests_of(document))):
        name = f"q_more{number}"
        cell["metadata"]["nbgrader"].update(grade_id=name, points=100, solution=True)
        document["cells"].append({**cell, "id": name, "source": "100.0"})


CASES = [
    Case("deleted_tests", wrong=True, mutate=without_tests),
    Case("own_tests", wrong=True, mutate=with_own_tests, says=("changed, and are restored",)),
    Case("forged_release", wrong=True, mutate=as_if_released, never=("are restored",)),
    Case("forged_questions", wrong=True, mutate=as_if_added, says=("are no longer asked",)),
    Case("tagged_tests", wrong=True, mutate=with_tags),
    Case("raised_points", wrong=True, mutate=with_points),
    Case("swapped_names", wrong=True, mutate=with_swapped_names),
    Case("copied_tests", wrong=True, mutate=with_copies),
    Case("stored_outputs", wrong=True, mutate=with_outputs),
    Case("graded_by_hand", wrong=True, mutate=by_hand),
    Case("tests_as_text", wrong=True, mutate=as_text),
    Case("another_kernel", mutate=with_another_kernel, never=("EVE-WAS-HERE",)),
    Case("backwards", mutate=backwards),
    Case("one_name_for_all", wrong=True, mutate=without_names),
    Case(
        "another_given",
        mutate=with_another_given,
        last="print('given', LARGEST_RATE)",
        says=("given 1.0", "changed, and are restored"),
    ),
]
