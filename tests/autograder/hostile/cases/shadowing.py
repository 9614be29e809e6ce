"""Files beside the notebook that are named like what Python, IPython, Jupyter or nbgrader load.

Python may load some of them in the student's own kernel. Nothing else may, and points stay as they
are: the answers are wrong, unless the case is about a kernel that such a file keeps from starting.
"""

from hostile.case import Case
from hostile.trial import NAME

LEAVE_MARK = """
import os

for folder in ("ROOM/outside", "ROOM/course", "ROOM/course/autograder/checks", "ROOM/home", "/tmp"):
    try:
        with open(os.path.join(folder, "mark.txt"), "a") as file:
            file.write("EVE-WAS-HERE")
    except OSError:
        pass
print("loaded", __name__)
"""
END = "import os\nos._exit(0)\n"
MODULES = [
    "torch.py",
    "numpy/__init__.py",
    "lrlab/__init__.py",
    "lrlab/assignments/expect.py",
    "json.py",
    "autograder/__init__.py",
    "autograder/judge/server.py",
    "autograder/checks/lr00_trial.py",
    "nbgrader/__init__.py",
    "IPython/__init__.py",
    "zmq.py",
    "math.py",
    "encodings/utf_8.py",
]
SITE = [
    "sitecustomize.py",
    "usercustomize.py",
    "site.py",
    "conftest.py",
    "setup.py",
    ".local/lib/python3.11/site-packages/usercustomize.py",
]
IPYTHON = [
    "ipython_config.py",
    "ipython_kernel_config.py",
    "jupyter_config.py",
    "jupyter_client_config.py",
    "nbgrader_config.py",
    ".ipython/profile_default/startup/00.py",
    ".ipython/profile_default/ipython_kernel_config.py",
    ".jupyter/jupyter_config.py",
    ".jupyter/nbgrader_config.py",
    "profile_default/ipython_kernel_config.py",
    "profile_default/startup/00.py",
]
LATE = ["storemagic.py", "debugpy.py", "psutil.py", "IPython/extensions/storemagic.py"]
KERNEL = (
    '{"argv": ["/bin/sh", "-c", "echo EVE-WAS-HERE > ROOM/outside/mark.txt"], "language": "sh"}'
)
OURS = {
    "gradebook.db": "EVE-WAS-HERE",
    "submitted/zoe/lr00_trial/lr00_trial.ipynb": "EVE-WAS-HERE",
    f"autograded/zoe/{NAME}/{NAME}.ipynb": "EVE-WAS-HERE",
    f"outcomes/{NAME}/{NAME}/zoe.json": "EVE-WAS-HERE",
    f"{NAME}.html": "EVE-WAS-HERE",
    "kernel.json": KERNEL,
    ".local/share/jupyter/kernels/python3/kernel.json": KERNEL,
    "matplotlibrc": "backend: EVE-WAS-HERE",
    ".env": "LRLAB_DATA=/EVE-WAS-HERE",
}


def beside(names: list[str], text: str) -> dict[str, str]:
    """Return files with the same text."""
    return dict.fromkeys(names, text)


CASES = [
    Case("module_files", wrong=True, files=beside(MODULES, LEAVE_MARK)),
    Case(
        "site_files",
        wrong=True,
        files=beside(SITE, LEAVE_MARK) | {"eve.pth": "import sys; print('loaded eve.pth')"},
        first="import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(1)'])",
        never=("loaded eve.pth",),
    ),
    Case("config_files", wrong=True, files=beside(IPYTHON, LEAVE_MARK), never=("loaded",)),
    Case("deadly_files", files=beside(LATE + SITE + IPYTHON + MODULES, END)),
    Case("our_files", wrong=True, files=OURS),
]
