"""Students whose notebook is one, in another format, encoding or size."""

import json

from nbformat.v4 import new_output

from broken.cases import graded, unreadable
from broken.course import answered


@graded()
def format_3(notebook, folder):
    for cell in notebook["cells"]:
        del cell["id"]
        if cell["cell_type"] == "code":
            cell |= {"input": cell.pop("source"), "language": "python", "collapsed": False}
            del cell["execution_count"]
    sheet = {"cells": notebook["cells"], "metadata": {}}
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [sheet]}


@unreadable("The notebook's format (5) is not known here: open it in this course's Jupyter")
def format_5(notebook, folder):
    return {**notebook, "nbformat": 5}


@graded()
def format_4_of_the_future(notebook, folder):
    odd = [None, 1, "x", [], {}, {"cell_type": 5, "source": 7, "metadata": 3, "id": [1]}]
    return {"nbformat": 4, "nbformat_minor": 99, "news": 1, "cells": odd + notebook["cells"]}


@graded()
def utf_16(notebook, folder):
    return json.dumps(notebook).encode("utf-16")


@graded("That is large.")
def latin_1(notebook, folder):
    answered(notebook, last_answer='final = "C"  # déjà vu')
    return json.dumps(notebook, ensure_ascii=False).encode("latin-1")


@graded()
def windows_lines(notebook, folder):
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")
    return json.dumps(notebook, indent=1).replace("\n", "\r\n")


@graded()
def megabytes(notebook, folder):
    notebook["cells"][1]["outputs"] = [new_output("stream", text="x" * 5_000_000)]
    return notebook
