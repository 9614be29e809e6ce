"""Puts the grader into nbgrader: for the end of any course's ``nbgrader_config.py``."""

import functools
import os
import sys
import warnings
from pathlib import Path

import nbgrader.api
import nbgrader.utils
import sqlalchemy
from nbgrader.apps import ValidateApp, api, autogradeapp, generateassignmentapp, validateapp
from nbgrader.converters import Autograde as StockAutograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from nbgrader.server_extensions import formgrader
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import SAWarning
from traitlets.config import Application, Config, LazyConfigValue

from autograder.chapters import Chapters
from autograder.course import masters
from autograder.exchange.collect import Collect
from autograder.exchange.given_root import List
from autograder.exchange.release import ReleaseAssignment
from autograder.exchange.release_feedback import ReleaseFeedback
from autograder.feedback.lateness import LatenessNote
from autograder.feedback.step import FeedbackPage
from autograder.feedback.text import cell_text
from autograder.formgrader.dialog import run_for_dialog
from autograder.formgrader.pages import answer_everyone
from autograder.grading.converter import Autograde
from autograder.grading.judge_cells import JudgeCells
from autograder.grading.validation import Validator
from autograder.late.clock import due_of, parse_utc
from autograder.late.policy import LatePolicy, check_policy
from autograder.release.generator import GenerateAssignment
from autograder.report.sentences import title
from autograder.submission.markup import clean_html
from autograder.submission.pages import markdown2html

TEMPLATES = (Path(__file__).parent / "feedback", Path(formgrader.__file__).parent)
LOCKED = 60  # seconds for which SQLite waits while another process writes; its own 5 are soon over


@functools.cache
def engine(address: str, **options: object) -> Engine:
    """Return SQLAlchemy's engine of a gradebook, which waits for its turn."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite" and "timeout" not in url.query:
        url = url.update_query_dict({"timeout": str(LOCKED)})
    # A connection that was lost while nobody used it, as after a restart of PostgreSQL, is made anew.
    return sqlalchemy.create_engine(url, pool_pre_ping=True, **options)


def plug_in(config: Config) -> None:
    """Have nbgrader's commands, and the buttons in its pages, grade with a sandbox and a judge.

    ``config`` is what ``nbgrader_config.py`` calls ``c``, with its own settings made. Raises SystemExit
    when the address of the book is none, or the rule for late work cannot be meant so: nbgrader would
    only log another exception, and go on.
    """
    try:
        Chapters.of(Path(CourseDirectory(config=config).root))
        check_policy(config)
    except ValueError as error:  # said before anything is done with links that lead nowhere
        raise SystemExit(str(error)) from None

    # nbgrader creates its gradebook by calling `alembic`, which lies beside the running Python even
    # when that environment is not activated.
    programs, path = str(Path(sys.executable).parent), os.environ["PATH"]
    if path.split(os.pathsep)[0] != programs:  # formgrader reads its settings with each page
        os.environ["PATH"] = os.pathsep.join([programs, path])

    # nbgrader opens its gradebook eight times for each submission, and with each new engine it would
    # compile all of its queries again: half of what it costs to record a result.
    nbgrader.api.create_engine = engine

    # nbgrader's own gradebook warns about itself, three times for each submission.
    warnings.filterwarnings("ignore", category=SAWarning, module=r"nbgrader\.api")

    # nbgrader's own list or the course's, in its order, but that JudgeCells stands where Execute
    # stood: it runs the cells in a sandbox, and the judge decides points and messages.
    steps = StockAutograde.class_traits()["autograde_preprocessors"].default()
    if "autograde_preprocessors" in config.Autograde:
        theirs = config.Autograde.autograde_preprocessors
        steps = theirs.get_value(steps) if isinstance(theirs, LazyConfigValue) else theirs
    config.Autograde.autograde_preprocessors = [
        JudgeCells if each in (Execute, "nbgrader.preprocessors.Execute") else each
        for each in steps
    ]

    # The page that a student gets is ours (`autograder.feedback`): our template is found before
    # nbgrader's, and our step gathers what it says.
    config.GenerateFeedback.preprocessors = [FeedbackPage]
    config.HTMLExporter.extra_template_basedirs = [str(each / "templates") for each in TEMPLATES]

    # Feedback and formgrader show what students wrote: their HTML must not run in a browser, and
    # neither page asks another host for anything.
    config.HTMLExporter.sanitize_html = True
    config.HTMLExporter.filters = {
        "markdown2html": markdown2html,
        "clean_html": clean_html,
        "strip_files_prefix": str.strip,  # it looks for what IPython 2 wrote, in some texts for hours
        "cell_text": cell_text,
        "title": title,
    }

    # A page is made anew each time, as formgrader's button does it: nbgrader's command passes over a
    # student who has one, also when a person has given another grade or a comment since.
    config.GenerateFeedback.force = True

    # What lateness costs, unless the course has a plugin of its own for it. And formgrader adds the
    # zone to a due date: nbgrader takes one it does not know for UTC, and that of today for any day.
    if "plugin_class" not in config.AssignLatePenalties:
        config.AssignLatePenalties.plugin_class = LatePolicy
    nbgrader.utils.parse_utc = parse_utc
    nbgrader.api.SubmittedAssignment.duedate = property(due_of)
    api.to_numeric_tz = formgrader.handlers.to_numeric_tz = str
    config.HTMLExporter.preprocessors = [LatenessNote]

    # In the exchange no student is trusted, and none stops another's collection or feedback.
    config.ExchangeFactory.release_assignment = ReleaseAssignment
    config.ExchangeFactory.list = List
    config.ExchangeFactory.collect = Collect
    config.ExchangeFactory.release_feedback = ReleaseFeedback

    # nbgrader has no setting for these three classes: the converters behind `nbgrader autograde`,
    # `nbgrader generate_assignment` and formgrader's buttons, and what runs the cells for
    # `nbgrader validate`.
    autogradeapp.Autograde = api.Autograde = Autograde
    generateassignmentapp.GenerateAssignment = api.GenerateAssignment = GenerateAssignment
    validateapp.Validator = Validator
    if server := sys.modules.get("nbgrader.server_extensions.validate_assignment.handlers"):
        server.Validator = Validator  # for the button above a notebook

    # What nbgrader's pages show of a command that a button starts, and where it runs.
    api.capture_log = run_for_dialog
    answer_everyone()

    # nbgrader's validate takes paths only: of an assignment's name it says nothing at all.
    command = Application.instance() if Application.initialized() else None
    if isinstance(command, ValidateApp):
        course = CourseDirectory(config=config)
        command.extra_args = [
            path
            for name in command.extra_args
            for path in [str(path) for path in masters(course, name)] or [name]
        ]
