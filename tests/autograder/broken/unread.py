"""Students of whose file nothing can be used."""

import json
import os

from autograder.submission.document import MAX_BYTES
from broken.cases import put, unreadable
from broken.course import NAME


@unreadable("The file is empty.")
def empty(notebook, folder):
    return b""


@unreadable("The file is not a Jupyter notebook, or only a part of one: open it in")
def not_json(notebook, folder):
    return 'answer = "B"\n'


@unreadable("The file is not a Jupyter notebook, or only a part of one: open it in")
def truncated(notebook, folder):
    text = json.dumps(notebook)
    return text[: len(text) // 2]


@unreadable("The file is not a Jupyter notebook, or only a part of one: open it in")
def too_deep(notebook, folder):
    return "[" * 200_000


@unreadable("The file is not a Jupyter notebook, or only a part of one: open it in")
def nul_bytes(notebook, folder):
    return json.dumps(notebook).encode().replace(b"cells", b"cells\0\0")


@unreadable("The notebook has no cells.")
def without_cells(notebook, folder):
    del notebook["cells"]
    return notebook


@unreadable("The notebook has more than 1000 cells.")
def too_many_cells(notebook, folder):
    notebook["cells"] *= 200
    return notebook


@unreadable("There is no notebook here: hand in lr00_tiny.ipynb.")
def another_file(notebook, folder):
    put(folder, "my answers", "answers.txt")


@unreadable("The file could not be read: it is a folder.")
def a_folder(notebook, folder):
    for name in (f"{NAME}.ipynb", f"{NAME}.html"):
        (folder / name).mkdir()
        put(folder / name, "hello", "page.txt")


@unreadable("The file could not be read: it is a link.")
def a_link(notebook, folder):
    (folder / f"{NAME}.ipynb").symlink_to("/etc/passwd")


@unreadable("The file could not be read: it is no regular file.")
def a_pipe(notebook, folder):
    os.mkfifo(folder / f"{NAME}.ipynb")


@unreadable("The file could not be read: Permission denied.")
def no_permission(notebook, folder):
    put(folder, notebook)
    (folder / f"{NAME}.ipynb").chmod(0)


@unreadable("The folder could not be read: Permission denied.")
def no_permission_for_all(notebook, folder):
    put(folder, notebook)
    folder.chmod(0)


@unreadable("it is too large. A notebook may have 50 MB: clear all outputs, and save.")
def too_large(notebook, folder):
    put(folder, notebook)
    os.truncate(folder / f"{NAME}.ipynb", MAX_BYTES + 1)  # takes no room: the rest is a hole
