"""Runs a notebook's cells in a sandboxed kernel: for the judge, and for ``nbgrader validate``.

Where no sandbox can be had it refuses, with the reason, unless it is told to go on ``unsafe``.
"""

import functools
import io
import os
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields, replace
from pathlib import Path

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from jupyter_core.utils import run_sync
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from traitlets import Bool, Dict, Integer, TraitError, validate

from autograder.fork_server import WARM, running
from autograder.grading.notebook_outputs import NotebookOutputs
from autograder.sandbox import FORKS
from autograder.sandbox.lease import NoIsolation
from autograder.sandbox.limits import Limits, after_a_hang
from autograder.sandbox.manager import SandboxManager, listen
from autograder.sandbox.view import PLACES
from autograder.submission.files import archive, student_files, unpack

NOTHING_USED = {"cpu": 0.0, "seconds": 0.0, "memory": 0, "kernels": 0}
PURPOSES = ("NBGRADER_EXECUTION", "NBGRADER_VALIDATING")  # set by nbgrader, for notebooks to read
DATA_PLACES = ("LRLAB_DATA", "TORCH_HOME")  # settings that decide which data a notebook meets
# What a cell may send. Of another kind nbclient would log the name, which the student chooses.
KINDS = {"execute_result", "stream", "display_data", "error", "update_display_data", "clear_output"}


class SandboxedExecute(Execute):
    """nbgrader's ``Execute`` with the kernel in a sandbox; ``cwd`` holds only the student's files."""

    unsafe = Bool(
        False, help="Run students' code without a sandbox: it can then read and change all you can."
    ).tag(config=True)
    limits = Dict(
        {}, help="Bounds of a submission that differ from autograder.sandbox.limits.Limits."
    ).tag(config=True)
    iopub_timeout = Integer(60, help=Execute.iopub_timeout.help).tag(config=True)
    max_output = Integer(
        1_000_000, help="Characters of output that are kept of a cell, and a third of all cells'."
    ).tag(config=True)
    max_pictures = Integer(
        2_000_000, help="Bytes of pictures that are kept of a cell, and a third of all cells'."
    ).tag(config=True)

    @validate("limits")
    def _known_limits(self, proposal: dict) -> dict:
        known = {each.name for each in fields(Limits)}
        if unknown := proposal["value"].keys() - known:
            names = ", ".join(sorted(known))
            raise TraitError(f"no such limit: {', '.join(sorted(unknown))} (there are {names})")
        return proposal["value"]

    student = "student"  # whom a notebook that asks JupyterHub for its user meets

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.record_timing = False  # graded twice, a notebook is the same
        self.shutdown_kernel = "immediate"  # tidying up takes as long as starting
        self.files, self.lease = b"", None
        self.used = dict(NOTHING_USED)

    def preprocess(self, nb: NotebookNode, resources: dict, km=None) -> tuple[NotebookNode, dict]:
        """Run all cells; ``resources`` names the folder of the student's files."""
        self._collect_files(resources)
        return self.run(nb, resources)

    def run(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Run all cells in a new kernel, with the files that were collected."""
        self._outputs = NotebookOutputs(self.max_output, self.max_pictures, self._interrupt)
        return super().preprocess(nb, resources)

    def _collect_files(self, resources: dict) -> None:
        folder = resources.get("metadata", {}).get("path")
        self.files = archive(student_files(Path(folder or os.devnull)).taken.items())

    def create_kernel_manager(self):
        """Return a manager of a kernel in a sandbox, or of a plain one when ``unsafe``."""
        self.kernel_name = NATIVE_KERNEL_NAME  # whatever kernel the notebook names: only it is here
        if self.unsafe:
            super().create_kernel_manager()
            self.km.transport_encryption = "auto"  # or each kernel warns that others may listen
            return self.km
        self.km = SandboxManager(config=self.config)
        return self.km

    @contextmanager
    def setup_kernel(self, **kwargs) -> Iterator[None]:
        """Start a kernel with what is left of the notebook's time; note what it used.

        ``forks_at`` then says where its forks listen: the socket's path, and its number in them.
        """
        told = (*DATA_PLACES, *PURPOSES)
        environment = {name: os.environ[name] for name in told if name in os.environ}
        environment |= {"OMP_NUM_THREADS": "1", "JUPYTERHUB_USER": self.student}
        surroundings = ExitStack()
        if self.unsafe:
            folder = surroundings.enter_context(tempfile.TemporaryDirectory(prefix="kernel-"))
            os.mkdir(f"{folder}/home")
            unpack(io.BytesIO(self.files), f"{folder}/home")
            listener = surroundings.enter_context(listen(f"{folder}/forks"))
            self.forks_at = (f"{folder}/forks", listener.fileno())
            kwargs |= {"cwd": f"{folder}/home", "env": {**os.environ, **environment}}
            kwargs["pass_fds"] = [listener.fileno()]
        else:
            kwargs |= {
                "env": {**environment, **PLACES},
                "files": self.files,
                "limits": self._left(),
                "address": running(WARM).address,
            }
        with surroundings, super().setup_kernel(**kwargs):
            self.lease = getattr(self.km, "lease", None)  # nbclient forgets a lost kernel's manager
            if self.lease:
                self.forks_at = (self.km.provisioner.forks, FORKS)
            try:
                yield
            finally:
                self.used["kernels"] += 1
                if self.lease:
                    used = self.lease.used()
                    for name in ("cpu", "seconds"):
                        self.used[name] = round(self.used[name] + used.get(name, 0.0), 3)
                    self.used["memory"] = max(self.used["memory"], used.get("memory", 0))

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int):
        """Run one cell within its own limits, which its error names when it met the one of time."""
        said = f"ran longer than {self.timeout} seconds"
        shown = f"{self.error_on_timeout['ename']}: the cell {said}, and was stopped"
        self.error_on_timeout |= {"evalue": said, "traceback": [shown]}
        self._outputs.begin(cell)
        if self.lease:
            self.lease.new_cell()
        try:
            return super().preprocess_cell(cell, resources, index)
        finally:
            self._outputs.end()

    def on_cell_executed(self, **kwargs) -> None:
        """Give later cells less time than one that has just run out of it."""
        super().on_cell_executed(**kwargs)
        said = kwargs["execute_reply"]["content"].get("ename")
        if self.timeout and said == self.error_on_timeout["ename"]:
            self.timeout = after_a_hang(self.timeout)

    def process_message(self, msg: dict, cell: NotebookNode, cell_index: int):
        """Take in what the cell writes, and leave to nbclient what it does."""
        if msg["msg_type"] in ("status", "execute_input"):
            return super().process_message(msg, cell, cell_index)
        if msg["msg_type"] in KINDS:
            self._outputs.take(msg)
        return None

    def _interrupt(self) -> None:
        if self.lease:
            self.lease.interrupt()

    def _left(self) -> Limits:
        """Return the limits for another kernel of the same notebook."""
        limits = Limits(**self.limits)
        return replace(
            limits,
            disk=limits.disk + len(self.files),  # what an instructor put there has any size
            files=limits.files + len(self.files) // tarfile.BLOCKSIZE,
            notebook_cpu=max(limits.notebook_cpu - self.used["cpu"], 1.0),
            notebook_seconds=max(limits.notebook_seconds - self.used["seconds"], 1.0),
        )


@functools.cache
def ensure_sandbox() -> None:
    """Start a sandbox, and end it; once that has worked, do nothing. Raises SandboxError."""
    if not sys.platform.startswith("linux"):
        raise NoIsolation(f"it needs Linux, and this is {sys.platform}")
    manager = SandboxManager()
    run_sync(manager.start_kernel)(
        env=PLACES,
        files=archive([]),
        limits=Limits(),
        address=running(WARM).address,
    )
    run_sync(manager.shutdown_kernel)(now=True)
