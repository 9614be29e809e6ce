"""A student's side of nbgrader's exchange: whole or not at all, and readable by the course alone.

For the end of a student's ``nbgrader_config.py``::

    from lrlab.handing_in import plug_in

    plug_in(c)

Stock nbgrader lets everyone read and write a submission, relies on the folder above not being
listed, and copies file by file into the place that is collected: a full disk leaves half a submission.
"""

import sys
import traceback
from types import SimpleNamespace

from nbgrader.exchange import ExchangeError
from traitlets.config import Config

from lrlab.handing_in.guest import FetchAssignment, FetchFeedback, List
from lrlab.handing_in.submit import Submit


def plug_in(config: Config) -> None:
    """Have a student's nbgrader use what is here; ``config`` is what its settings call ``c``."""
    config.ExchangeFactory.fetch_assignment = FetchAssignment
    config.ExchangeFactory.fetch_feedback = FetchFeedback
    config.ExchangeFactory.list = List
    config.ExchangeFactory.submit = Submit
    # JupyterLab shows of an error what this module says of it.
    if server := sys.modules.get("nbgrader.server_extensions.assignment_list.handlers"):
        server.traceback = SimpleNamespace(format_exc=_shown)


def _shown() -> str:
    """Return what a student reads of an error: our sentence, or of what nobody expected, all."""
    error = sys.exception()
    return str(error) if isinstance(error, ExchangeError) else traceback.format_exc()
