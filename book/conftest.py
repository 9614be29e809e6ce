"""Each chapter is executed once, by nbval, and kept when all its cells pass (see `executed`).

A chapter that is kept is skipped. One that fails leaves nothing, so that it fails again. It fails, too,
when its kernel needs more memory than a student's on a hub may use.
"""

import re
import shutil
from pathlib import Path

import pytest
from executed import KEPT, chapters, digest
from IPython.core.displayhook import DisplayHook
from jupyter_cache.base import CacheBundleIn
from nbformat import NotebookNode
from nbval.plugin import IPyNbCell, IPyNbFile

from lrlab.roots import DataError

# Of the 2 GB in classroom.example.yml, that which the server and one more open notebook leave.
MEGABYTES = 1500


def pytest_configure(config):
    """Make the cache, before two processes do, and delete those of what is no longer so."""
    if hasattr(config, "workerinput"):  # pytest-xdist: the first process has done it
        return
    try:
        kept = chapters()
    except DataError as error:
        raise pytest.UsageError(str(error)) from None
    for stale in KEPT.glob("*"):
        if stale != kept.path:
            shutil.rmtree(stale)
    kept.list_cache_records()


def is_kept(notebook: NotebookNode) -> bool:
    try:
        chapters().merge_match_into_notebook(notebook)
    except (KeyError, ValueError):  # ValueError: it was interrupted while it was written
        return False
    return True


def pytest_collection_modifyitems(items):
    for chapter in {item.parent for item in items if isinstance(item, IPyNbCell)}:
        if is_kept(chapter.nb):
            chapter.add_marker(pytest.mark.skip("kept: it passed, and nothing has changed"))
        for cell in chapter.nb.cells:
            if cell.cell_type == "code":
                cell.execution_count, cell.outputs = None, []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if isinstance(item, IPyNbCell) and call.when == "call" and report.passed:
        if (used := most_used(item.parent)) > MEGABYTES:
            report.outcome = "failed"
            report.longrepr = f"needs {used} MB so far; on a hub a chapter has {MEGABYTES}"
        else:
            keep(item)
    return report


def most_used(chapter: IPyNbFile) -> int:
    """Return the megabytes that a chapter's kernel has used at most; 0 where Linux does not say."""
    status = Path("/proc", str(chapter.kernel.km.provisioner.pid), "status")
    return (
        int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) // 1024 if status.exists() else 0
    )


def keep(item: IPyNbCell) -> None:
    """Note what a cell put out; keep the chapter when that was the last of its cells."""
    cell, notebook = item.cell, item.parent.nb
    cell.execution_count, cell.outputs = item.cell_num + 1, item.test_outputs
    if DisplayHook.semicolon_at_end_of_expression(cell.source):  # nbval's kernel shows it anyway
        cell.outputs = [out for out in cell.outputs if out.output_type != "execute_result"]
    done = all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
    if done and chapters().path.name == digest():  # else something changed while it ran
        chapters().cache_notebook_bundle(CacheBundleIn(notebook, str(item.path)), overwrite=True)
