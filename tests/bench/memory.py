"""How much memory each chapter needs: the most that its kernel used, bounded as on a hub.

Each chapter runs from its first to its last cell in a control group with the hub's usual limit, as a
student's server has one; what is printed is the group's own count. Needs root on Linux.
"""

import sys
import time
from pathlib import Path

import nbformat
from jupyter_client.provisioning import LocalProvisioner
from nbclient import NotebookClient

from autograder.classroom.hub import limits

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 2 * 2**30  # bytes; classroom.example.yml
PEAKS = ("memory.max_usage_in_bytes", "memory.peak")  # of version 1, of version 2


def peak(path: Path) -> int:
    """Run a chapter within the limit; return the most that was used, in bytes.

    Raises nbclient's errors when a cell fails or the kernel dies.
    """
    group = limits.Group(f"bench-{path.stem}", LIMIT, cpu=64, processes=1000)
    starts = LocalProvisioner.launch_kernel

    async def bounded(self, command, **options):
        return await starts(self, command, **options | {"preexec_fn": group.join})

    LocalProvisioner.launch_kernel = bounded
    try:
        where = {"metadata": {"path": str(path.parent)}}
        NotebookClient(nbformat.read(path, 4), timeout=None, resources=where).execute()
        trees = [parent / f"bench-{path.stem}" for _, parent in limits.parents()]
        return next(
            int((each / name).read_text())
            for each in trees
            for name in PEAKS
            if (each / name).exists()
        )
    finally:
        LocalProvisioner.launch_kernel = starts
        group.remove()


def main() -> None:
    """Print a line for each chapter."""
    try:
        limits.parents()
    except OSError as error:
        print(f"Memory is not measured: {error}. That needs root on Linux.")
        return
    print(f"memory of a chapter's kernel, of {LIMIT / 2**20:.0f} MB")
    for path in sorted((ROOT / "book").glob("*.ipynb")):
        began = time.monotonic()
        print(
            f"{path.stem:24}{peak(path) / 2**20:8.0f} MB {time.monotonic() - began:6.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
