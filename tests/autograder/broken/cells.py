"""Students whose cells have no names, are there twice, elsewhere, or not at all."""

import copy

from broken.cases import NOTHING, graded, problem
from broken.course import FULL, answered


@graded()
def no_metadata(notebook, folder):
    del notebook["metadata"]
    for cell in notebook["cells"]:
        del cell["metadata"]
    return notebook


@graded()
def no_ids(notebook, folder):
    for cell in notebook["cells"]:
        del cell["id"]
    return {**notebook, "nbformat_minor": 4}


@problem("None of the answer cells was found: the notebook is another one")
def no_names_at_all(notebook, folder):
    return no_metadata(no_ids(notebook, folder), folder)


@problem("None of the answer cells was found: the notebook is another one")
def one_id_for_all(notebook, folder):
    for cell in notebook["cells"]:
        cell |= {"id": "same", "metadata": {}}
    return notebook


@problem("None of the answer cells was found: the notebook is another one", NOTHING)
def nothing_in_it(notebook, folder):
    return {**notebook, "cells": []}


@graded()
def everything_twice(notebook, folder):
    return {**notebook, "cells": notebook["cells"] * 2}


@graded("You chose A. That is too small.", (1, 2, 3, 0))
def a_second_answer(notebook, folder):
    """The later copy counts, as it did when the student ran the notebook."""
    again = copy.deepcopy(notebook["cells"][-2])
    notebook["cells"].insert(-1, {**again, "source": 'final = "A"'})
    return notebook


@problem("These answer cells were deleted: scaled_answer, last_answer.", (1, 0, 0, 0))
def deleted_answers(notebook, folder):
    return without(notebook, "scaled_answer", "last_answer")


@graded()
def deleted_tests(notebook, folder):
    return without(notebook, "rules", *FULL)


@graded("name 'prod' is not defined", (1, 0, 0, 1))
def deleted_imports(notebook, folder):
    return without(notebook, "cell-02")


def without(notebook: dict, *names: str) -> dict:
    """Return ``notebook`` without some cells."""
    kept = [cell for cell in notebook["cells"] if cell["id"] not in names]
    return {**notebook, "cells": kept}


@graded()
def reversed_cells(notebook, folder):
    return {**notebook, "cells": notebook["cells"][::-1]}


@graded()
def text_as_code(notebook, folder):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell |= {"cell_type": "code", "outputs": [], "execution_count": None}
    return notebook


@graded()
def code_as_text(notebook, folder):
    for cell in notebook["cells"]:
        cell["cell_type"] = "markdown"
    return notebook


@problem("These locked cells were changed, and are restored: meaning,", (1, 2, 3, 0))
def rewritten(notebook, folder):
    """Tests that give points away, of another kind, in another language."""
    answered(notebook, last_answer='final = "A"', **dict.fromkeys(FULL, "100.0"))
    for cell in notebook["cells"]:
        cell["metadata"]["nbgrader"] = {**cell["metadata"].get("nbgrader", {}), "points": 100}
        cell["metadata"]["nbgrader"] |= {"locked": False, "solution": True, "schema_version": 99}
    notebook["metadata"] = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
    return notebook


@graded("You chose A. That is too small.", (1, 2, 3, 0))
def foreign_tags(notebook, folder):
    answered(notebook, last_answer='final = "A"')
    for cell in notebook["cells"]:
        cell["metadata"] |= {"tags": ["skip-execution", "raises-exception"], "editable": False}
    return notebook


@problem("Cells are cut after 200,000 characters; 1 were longer.")
def endless_source(notebook, folder):
    return answered(notebook, last_answer='final = "C"\n' + "# x" * 100_000)
