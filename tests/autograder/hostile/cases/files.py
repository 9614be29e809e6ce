"""Submitted folders with links, pipes, odd names, bombs and pickles, beside the notebook or for it."""

import io
import json
import pickle
import tarfile
import zipfile
import zlib

from hostile.case import NOTEBOOK, Case, mark
from hostile.trial import FULL, NAME, WRONG

LOOK = """
import os

for folder, folders, names in os.walk("."):
    for name in sorted(names):
        path = os.path.join(folder, name)
        size = os.lstat(path).st_size
        print("got", ascii(path), "link" if os.path.islink(path) else size)
        print(open(path, "rb").read(300)) if size < 10_000 else None
"""


def link(target: str) -> tarfile.TarInfo:
    """Return a symbolic link."""
    entry = tarfile.TarInfo()
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    return entry


def pipe() -> tarfile.TarInfo:
    """Return a named pipe, which whoever opens it waits at."""
    entry = tarfile.TarInfo()
    entry.type, entry.mode = tarfile.FIFOTYPE, 0o666
    return entry


def folder() -> tarfile.TarInfo:
    """Return a folder."""
    entry = tarfile.TarInfo()
    entry.type, entry.mode = tarfile.DIRTYPE, 0o755
    return entry


# The room lies in some folder of the machine's own; from a submission it is four folders up.
ROOM = "../../../.."
LINKS = {
    "master.ipynb": f"{ROOM}/course/solutions/{NAME}/{NAME}.ipynb",
    "master.txt": f"{ROOM}/course/solutions/{NAME}/{NAME}.ipynb",
    "checks.py": f"../../../autograder/checks/{NAME}.py",
    "gradebook.db": "../../../gradebook.db",
    "zoe": f"../../zoe/{NAME}",
    "zoe.txt": f"../../zoe/{NAME}/{NAME}.ipynb",
    "notes.txt": f"{ROOM}/outside/notes.txt",
    "shadow": "/etc/shadow",
    "environ": "/proc/self/environ",
    "loop": "loop",
    "timestamp.txt": f"{ROOM}/outside/notes.txt",
    "root": "/",
}


def zip_bomb() -> bytes:
    """Return an archive of 400 MB of zeros, and of names that lead out of it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number in range(4):
            archive.writestr(f"zeros{number}", bytes(100_000_000))
        archive.writestr("../../outside/notes.txt", mark("zip_bomb"))
        archive.writestr("/tmp/absolute.txt", mark("zip_bomb"))
    return content.getvalue()


class Pickled:
    """Leaves a mark when it is unpickled."""

    def __reduce__(self) -> tuple:
        place = "__import__('os').environ['TMPDIR'] + '/../outside/notes.txt'"
        return exec, (f"open({place}, 'a').write({mark('pickles')!r})",)


def with_bombs(document: dict) -> None:
    """Put what is small in the file and large or deep in memory into every place but the answers."""
    document["metadata"]["deep"] = json.loads("[" * 800 + "]" * 800)
    document["metadata"]["wide"] = [{}] * 300_000
    document["cells"][0]["attachments"] = {
        "bomb.png": {"image/png": zlib.compress(bytes(10_000_000)).hex()}
    }
    for cell in document["cells"]:
        cell["metadata"]["x"] = "x" * 100_000


DEEP = '{"nbformat": 4, "metadata": {"deep": ' + "[" * 200_000 + "]" * 200_000 + '}, "cells": []}'
HUGE_NUMBER = (
    '{"nbformat": 4, "nbformat_minor": ' + "9" * 100_000 + ', "cells": [], "metadata": {}}'
)
UNZIP = """
import os, zipfile

try:
    with zipfile.ZipFile("bomb.zip") as archive:
        for name in archive.namelist():
            archive.extract(name)
except OSError as error:
    print("refused", error.strerror)
print("left", sum(os.path.getsize(name) for name in os.listdir(".") if os.path.isfile(name)) < 2**25)
"""
ODD_NAMES = {
    "..\\..\\..\\gradebook.db": "EVE-WAS-HERE",
    "C:\\gradebook.db": "EVE-WAS-HERE",
    "-rf *; touch $(mark) `mark` ${IFS}": "EVE-WAS-HERE",
    "new\nline\r\x1b[2J.txt": "EVE-WAS-HERE",
    "\udcff\udcfe": "EVE-WAS-HERE",
    "n" * 250: "EVE-WAS-HERE",
    "deep/" * 60 + "file": "EVE-WAS-HERE",
    "...": "EVE-WAS-HERE",
    "%2e%2e%2fgradebook.db": "EVE-WAS-HERE",
    f"{NAME}.ipynb.bak": "EVE-WAS-HERE",
    f"{NAME}.IPYNB": "EVE-WAS-HERE",
    "<script>.html": "EVE-WAS-HERE",
}

# What is found where nothing is: a notebook that brings points, a solution and outputs of its own.
DECOY = json.dumps(
    {
        "nbformat": 4,
        "metadata": {"grading": {"readable": True, "notebook": f"../../zoe/{NAME}/{NOTEBOOK}"}},
        "cells": [
            {
                "cell_type": "code",
                "source": f"{WRONG.get(name, '100.0')}  # {name}",
                "metadata": {
                    "nbgrader": {"grade_id": name, "points": 99, "grade": True, "locked": False},
                },
                "outputs": [
                    {"output_type": "execute_result", "data": {"text/plain": "99.0"}},
                ],
            }
            for name in (*WRONG, *FULL)
        ],
    }
)
NAMED_BADLY = (
    "<img src=x onerror=alert(1)>.pt",
    "[a](javascript:alert(2))",
    "![b](https://192.0.2.1/pixel.png)",
    "</div><script>alert(3)<",
    "\x1b]0;EVE\x07",
)

CASES = [
    Case(
        "linked_files",
        first=LOOK,
        files={name: link(target) for name, target in LINKS.items()},
        never=("got",),
    ),
    Case("linked_master", wrong=True, files={NOTEBOOK: link(LINKS["master.txt"])}),
    Case("linked_neighbour", wrong=True, files={NOTEBOOK: link(LINKS["zoe.txt"])}),
    Case("endless_link", wrong=True, files={NOTEBOOK: link("/dev/zero")}),
    Case("notebook_is_a_pipe", wrong=True, files={NOTEBOOK: pipe(), "pipe.txt": pipe()}),
    Case("notebook_is_a_folder", wrong=True, files={NOTEBOOK: folder()}),
    Case("odd_names", first=LOOK, files=ODD_NAMES, says=("got",)),
    Case("zip_bomb", first=UNZIP, files={"bomb.zip": zip_bomb()}, says=("left True",)),
    Case("json_bombs", mutate=with_bombs),
    Case("deep_json", wrong=True, files={NOTEBOOK: DEEP}),
    Case("huge_number", wrong=True, files={NOTEBOOK: HUGE_NUMBER}),
    Case(
        "pickles",
        files={
            name: pickle.dumps(Pickled())
            for name in ("data.pkl", "model.pt", "outcome.json", "answers.npy", "x.joblib")
        },
    ),
    Case(
        "decoys_deeper",
        wrong=True,
        files={
            NOTEBOOK: link(LINKS["zoe.txt"]),
            f"a/{NOTEBOOK}": DECOY,
            f"a/zoe/{NOTEBOOK}": link(f"../../../../zoe/{NAME}/{NOTEBOOK}"),
            f"a/b/{NAME} (1).ipynb": DECOY.replace("100.0", "1.0"),
            f"zoe-{NOTEBOOK}": link(LINKS["zoe.txt"]),
        },
    ),
    Case(
        "many_notebooks",  # and more folders than anyone looks into, one below the other
        files={
            **{f"{number:04}/{NOTEBOOK}": DECOY for number in range(3_000)},
            **{f"{number:04}.ipynb": DECOY for number in range(1_000)},
            "d/" * 400 + NOTEBOOK: DECOY,
        },
    ),
    Case(
        "badly_named",
        first=LOOK,
        files={name: link("/etc/passwd") for name in NAMED_BADLY},
        never=("got",),
        page=(
            "<img[^>]*(onerror|src=.x)",
            "<script>alert",
            "href=.javascript",
            "\x1b",
            "<[^>]*192",  # in a tag: a link or a picture
        ),
    ),
    Case("thousand_files", files={f"file{i:04}": "EVE-WAS-HERE" for i in range(1000)}),
]
