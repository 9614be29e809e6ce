"""Students whose notebook has another name or odd company, and students with odd names."""

import base64
import os

from broken.cases import ALL, graded, problem, put, unreadable
from broken.course import NAME, answered

NAMES = (
    "Ada",  # the first and the last are right: whatever is between does not stop the class
    "josé",
    "kanji 日本語",
    'o\'brien "quoted" & <b>',
    "with  spaces",
    "smith, ann",
    "shell$(touch x){}%d\\",
    "zoe",
)


@graded("You chose B. That is in the middle.", ALL, *NAMES)
def right_as_it_is(notebook, folder):
    return notebook


@problem("The notebook was renamed; hand it in as lr00_tiny.ipynb.")
def renamed(notebook, folder):
    put(folder, notebook, "My solution (1).IPYNB")


@graded()
def two_notebooks(notebook, folder):
    put(folder, "{", "a draft.ipynb")
    return notebook


@unreadable("There are 2 notebooks, and none is named lr00_tiny.ipynb.")
def two_renamed(notebook, folder):
    put(folder, notebook, "one.ipynb")
    put(folder, answered(notebook, last_answer="final = 'A'"), "two.ipynb")


@problem("The notebook was renamed; hand it in as lr00_tiny.ipynb.")
def twice_the_same(notebook, folder):
    put(folder, notebook, "one.ipynb")
    put(folder, notebook, "two.ipynb")


@problem("Of your files, link and loop were not taken: links are not followed; pipe was not taken")
def odd_files(notebook, folder):
    """Files beside the notebook are there when it runs; what nbgrader writes is not the student's."""
    (folder / "data").mkdir()
    put(folder / "data", "C", "ü ñ.txt")
    put(folder, "raise SystemExit", "nbgrader_config.py")
    put(folder, "mine", f"{NAME}.html")
    put(folder, b"\xff yesterday at noon", "timestamp.txt")
    (folder / "link").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to(".")
    os.mkfifo(folder / "pipe")
    return answered(notebook, last_answer='final = open("data/ü ñ.txt").read()')


@graded()
def pictures(notebook, folder):
    """One that can be shown, one that is none, two that are not there."""
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
    cell = notebook["cells"][0]
    cell["attachments"] = {"a.png": {"image/png": png}, "b.png": {"image/png": "<svg>"}}
    cell["source"] = "![](attachment:a.png) ![](attachment:b.png) ![x](<attachment:c d.png>)"
    return notebook
