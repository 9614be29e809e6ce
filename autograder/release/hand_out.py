"""What a student without a hub gets: one file for each assignment, with all that it needs.

``_build/hand_out/NAME.zip`` holds a folder ``NAME``: what ``exercises/NAME`` holds, the wheel of
lrlab, how to begin (the book's page "How to hand in"), and the versions that the course was tested
with. Made from the same files it has the same bytes.
"""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

FOLDER = Path("_build", "hand_out")
BESIDE = {  # in the zip, and where it comes from
    "START_HERE.txt": Path("book", "handing_in.md"),
    "constraints.txt": Path("requirements.txt"),
}


def hand_out(course: Path) -> list[Path]:
    """Pack every assignment in ``exercises/`` of the folder ``course``; return the files.

    Raises subprocess.CalledProcessError when the wheel cannot be built; the reason is printed.
    """
    common = {name: (course / source).read_bytes() for name, source in BESIDE.items()}
    common |= wheel_of(course)
    folder = course / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return [
        packed(folder / f"{released.name}.zip", {**contents(released), **common})
        for released in sorted((course / "exercises").iterdir())
        if released.is_dir()
    ]


def wheel_of(course: Path) -> dict[str, bytes]:
    """Return the wheel of what ``pyproject.toml`` describes, by its name."""
    with tempfile.TemporaryDirectory() as folder:
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
        done = subprocess.run(build, cwd=course, check=False, capture_output=True, text=True)
        if done.returncode:  # what it says of a wheel that was built is its path, soon removed
            sys.stderr.write(done.stderr)
            done.check_returncode()
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files in ``folder`` but for hidden ones, as JupyterLab's checkpoints are."""
    names = {path: path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    return {
        name.as_posix(): path.read_bytes()
        for path, name in names.items()
        if not any(part.startswith(".") for part in name.parts)
    }


def packed(path: Path, files: dict[str, bytes]) -> Path:
    """Write ``files`` into a zip, in a folder of the same name; return its path."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{path.stem}/{name}")  # with the first day that a zip can hold
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return path
