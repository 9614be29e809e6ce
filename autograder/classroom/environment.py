"""The Python in which students' servers and kernels run, where there is nothing of the grader.

A small environment of its own: the wheel of lrlab, the chapters, and the settings in ``student/``. All
other packages are those of the environment that runs this, reached by one line of a path file. Path
files that lie there are not read, so the course's folder, which that environment also shows, is not.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from compileall import compile_dir
from io import BytesIO
from pathlib import Path

from autograder import ROOT
from autograder.classroom.chapters import pages
from autograder.release.hand_out import wheel_of

SETTINGS = Path(__file__).with_name("student")
NBGRADER = Path("etc", "jupyter", "nbgrader_config.py")
CHAPTERS = Path("share", "learning-rates")  # to read; a student works on a copy
COMMANDS = {
    "jupyter": "jupyter_core.command",
    "jupyterhub-singleuser": "jupyterhub.singleuser",
    "nbgrader": "nbgrader.apps.nbgraderapp",
}


def build(folder: Path, exchange: Path) -> None:
    """Make the environment in ``folder``, or make it anew.

    exchange: nbgrader's, where assignments are fetched and handed in. Raises FileExistsError when
    ``folder`` holds something else, and subprocess.CalledProcessError when the wheel cannot be built.
    """
    folder = folder.absolute()
    if folder.exists() and any(folder.iterdir()) and not (folder / NBGRADER).is_file():
        raise FileExistsError(f"{folder} holds something else: name another folder, or empty it")
    new, old = (folder.with_name(f".{folder.name}.{each}") for each in ("new", "old"))
    for left in (new, old):  # by a run that was interrupted
        shutil.rmtree(left, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    python = Path(sys.base_prefix, "bin", f"python3.{sys.version_info.minor}")
    subprocess.run([python, "-m", "venv", "--without-pip", new], check=True)
    _fill(new, folder, exchange)
    _protect(new)
    if folder.exists():  # servers that run have their modules in memory, and find the new ones here
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _fill(new: Path, folder: Path, exchange: Path) -> None:
    """Put everything into the environment ``new``, which will lie in ``folder``."""
    packages = next(new.glob("lib/python3.*/site-packages"))
    for wheel in wheel_of(ROOT).values():
        zipfile.ZipFile(BytesIO(wheel)).extractall(packages)
    shared = dict.fromkeys(sysconfig.get_path(each) for each in ("purelib", "platlib"))
    (packages / "shared.pth").write_text("".join(f"{each}\n" for each in shared))

    etc = new / "etc" / "jupyter"
    shutil.copytree(SETTINGS, etc, ignore=shutil.ignore_patterns("__pycache__"))
    (etc / "busy_kernels.py").rename(packages / "busy_kernels.py")
    (new / NBGRADER).write_text(nbgrader_settings(exchange), encoding="utf-8")
    theirs = Path(sys.prefix)
    extensions = "jupyter_server_config.d"
    (etc / extensions).symlink_to(theirs / "etc" / "jupyter" / extensions)
    (new / "share").mkdir()
    (new / "share" / "jupyter").symlink_to(theirs / "share" / "jupyter")
    (new / CHAPTERS).mkdir()
    for page in pages():
        shutil.copy(ROOT / "book" / page, new / CHAPTERS)

    for name, module in COMMANDS.items():
        script = new / "bin" / name
        script.write_text(
            f"#!{folder}/bin/python\nimport sys\nfrom {module} import main\nsys.exit(main())\n"
        )
        script.chmod(0o755)
    compile_dir(packages, quiet=1)  # nobody who runs it may write here


def nbgrader_settings(exchange: Path) -> str:
    """Return ``nbgrader_config.py`` for students: where to fetch, and which courses are theirs."""
    return f'''"""nbgrader's settings for students."""

import os
import tempfile

from lrlab.handing_in import plug_in

c = get_config()
plug_in(c)

c.Exchange.root = {str(exchange)!r}
c.Exchange.path_includes_course = True
c.Authenticator.plugin_class = "nbgrader.auth.JupyterHubAuthPlugin"
c.Execute.timeout = 60  # seconds a cell may run when it is validated, as when it is graded
# No ports: when a class validates, one kernel takes what another has chosen, and that one ends.
c.KernelManager.transport = "ipc"
c.KernelManager.ip = os.path.join(tempfile.gettempdir(), f"validated-{{os.getpid()}}")
c.Execute.startup_timeout = 600  # seconds until a kernel is there, also when a whole class validates
'''


def _protect(folder: Path) -> None:
    """Let everybody read and run what is in ``folder``, and nobody but the owner write."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)
            if os.geteuid() == 0:
                os.chown(path, 0, 0)
