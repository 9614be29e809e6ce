"""What one submission may use. Times are in seconds, sizes in bytes."""

from dataclasses import dataclass

MIB = 2**20
MOST = 4  # times a limit of wall time: where it ends on a machine that is busy
ENOUGH = 5  # what the slowest cell of this course's masters takes on two slow cores


def after_a_hang(seconds: int) -> int:
    """Return the time limit of what comes after something that ran into one of ``seconds``.

    Half of it: who waits for a class waits for a submission that hangs at most twice as long as for
    its first hang, and ENOUGH for each one that follows. An honest cell needs less than that.
    """
    return min(seconds, max(seconds // 2, ENOUGH))


@dataclass(frozen=True)
class Limits:
    """The bounds of one sandbox; ``c.SandboxedExecute.limits`` in ``nbgrader_config.py`` sets them.

    memory: of all processes together. A single allocation beyond it fails as it would on a small
    machine; processes that pass it together are ended.
    processes: processes and threads at one time.
    open_files: file descriptors of one process.
    file_size: the largest file that may be written.
    disk, files: bytes and number of files of the work folder, ``/tmp`` and ``/dev/shm`` together;
    what was handed in beside a notebook may fill half of each.
    cell_cpu, notebook_cpu: processor time of all processes in one cell, and from first to last.
    notebook_seconds: wall time from the kernel's start to its end. As with all wall time, what passes
    while the sandbox waits for a processor does not count, up to MOST times the limit in all.
    """

    memory: int = 4096 * MIB
    processes: int = 128
    open_files: int = 512
    file_size: int = 128 * MIB
    disk: int = 256 * MIB
    files: int = 5_000
    cell_cpu: float = 120
    notebook_cpu: float = 600
    notebook_seconds: float = 900
