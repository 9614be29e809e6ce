"""What a dialog of nbgrader's pages says of the command that a button has started: for people."""

import io
import logging

from nbgrader.converters.base import NbGraderException
from nbgrader.exchange import ExchangeError
from traitlets.config import LoggingConfigurable

from autograder.faults import in_one_line

TRACE = "Traceback (most recent call last):"


def run_for_dialog(command: LoggingConfigurable) -> dict[str, bool | str]:
    """Run a command; return ``success``, and as ``log`` what it said, if anything.

    It stands in place of nbgrader's ``capture_log``, which would return each message of each kernel,
    and stack traces; those stand in the server's log.
    """
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setLevel(logging.INFO)
    handler.setFormatter(_ForPeople())
    command.log.addHandler(handler)
    try:
        command.start()
        success = True
    except (NbGraderException, ExchangeError):  # the reason is in the log
        success = False
    except Exception as error:
        words = in_one_line(error)
        command.log.exception(words)
        success = False
    finally:
        command.log.removeHandler(handler)
    return {"success": success} | ({"log": said.getvalue()} if said.getvalue() else {})


class _ForPeople(logging.Formatter):
    """Shows of a stack trace its last line."""

    def format(self, record: logging.LogRecord) -> str:
        words = record.getMessage()
        if words.startswith(TRACE):
            words = words.strip().splitlines()[-1]
        return f"[{record.levelname}] {words}"
