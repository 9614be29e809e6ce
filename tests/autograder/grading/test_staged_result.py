"""Killed before any change of a file, the replacement of a result loses neither result."""

import os
import signal
import sys
from collections.abc import Callable

import pytest

from autograder.grading.staged_result import StagedResult

CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "open"}


def killed(act: Callable[[], object], last: int) -> bool:
    """Run ``act`` in another process, which is killed before its change number ``last``, from 1."""
    child = os.fork()
    if child == 0:
        left = [last]

        def look(name: str, arguments: tuple) -> None:
            if name in CHANGES:
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(look)
        try:
            act()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def build(result: StagedResult, text: str) -> None:
    """Grade: what nbgrader writes between ``begin`` and ``finish``; its files are read-only."""
    result.begin()
    (result.stage / "folder").mkdir(parents=True)
    for path in (result.stage / "notebook", result.stage / "folder" / "data"):
        path.write_text(text)
        path.chmod(0o444)


def texts(result: StagedResult) -> set[str]:
    """Return what the result's files hold."""
    return {path.read_text() for path in result.place.rglob("*") if path.is_file()}


@pytest.mark.parametrize("older", [False, True], ids=["first", "regrade"])
def test_killed_at_any_step_it_has_the_older_result_or_the_new_one(tmp_path, older):
    for last in range(1, 100):
        home = tmp_path / str(last)
        result = StagedResult(home / "autograded" / "lr01", home / ".grading" / "lr01")
        if older:
            build(result, "older")
            result.finish()

        def grade(result: StagedResult = result) -> None:
            result.recover()
            build(result, "new")
            result.finish()

        was_killed = killed(grade, last)
        if was_killed and result.is_complete:
            assert texts(result) == {"older"}, "nothing had begun yet"
        result.recover()
        assert texts(result) in ([{"older"}, {"new"}] if older else [set(), {"new"}])
        grade()
        assert result.is_complete and texts(result) == {"new"}
        assert os.listdir(home / ".grading") == []
        if not was_killed:
            break
    assert 8 < last < 99


def test_what_is_abandoned_leaves_the_older_result_complete(tmp_path):
    result = StagedResult(tmp_path / "autograded" / "ann", tmp_path / ".grading" / "ann")
    build(result, "older")
    result.finish()
    build(result, "newer")
    assert not result.is_complete
    result.abandon()
    assert result.is_complete and (result.place / "notebook").read_text() == "older"
    assert list((tmp_path / ".grading").iterdir()) == []
