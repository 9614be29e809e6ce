"""nbgrader's settings for this course. Every nbgrader command is run from this folder.

nbgrader generate_assignment lr01_first_step     solutions/ -> exercises/
nbgrader validate lr01_first_step                the master passes its own visible checks
nbgrader autograde lr01_first_step               submitted/ -> autograded/, gradebook.db
nbgrader generate_feedback lr01_first_step       autograded/ -> feedback/
nbgrader export                                  gradebook.db -> grades.csv
"""

import os
import sys
import warnings
from pathlib import Path

from nbgrader.apps import ValidateApp, api, autogradeapp, validateapp
from nbgrader.server_extensions import formgrader
from sqlalchemy.exc import SAWarning
from traitlets.config import Application

c = get_config()  # noqa: F821 (nbgrader defines it)

course = Path(__file__).resolve().parent
if str(course) not in sys.path:
    sys.path.append(str(course))  # for autograder, which is never installed for students

try:
    from autograder.grading.converter import Autograde
    from autograder.grading.execution import Validator
    from autograder.submission.pages import clean_html
except Exception as error:
    # nbgrader would only log it, and go on without this file: with no sandbox and no judge.
    raise SystemExit(f"{__file__}: the grader cannot be loaded: {error!r}") from error

# nbgrader creates its gradebook by calling `alembic`, which lies beside the running Python even
# when that environment is not activated.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

# nbgrader's own gradebook warns about itself, three times for each submission.
warnings.filterwarnings("ignore", category=SAWarning, module=r"nbgrader\.api")

c.CourseDirectory.root = str(course)
c.CourseDirectory.course_id = "learning-rates"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"

# exercises/ is derived from solutions/: generating it always replaces what is there.
c.GenerateAssignment.force = True
# No error in place of an answer: a student may run all cells before every answer is written.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}

# nbgrader's own list, in its order, but that JudgeCells stands where Execute stood: it runs the
# cells in a sandbox, and the judge decides points and messages.
c.Autograde.autograde_preprocessors = [
    "autograder.grading.judge_cells.JudgeCells",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# Seconds a cell may run. The slowest cell of the master needs about 5 on two slow cores.
c.Execute.timeout = 60
# Bounds of one submission that shall differ from autograder/sandbox/limits.py, by name.
c.SandboxedExecute.limits = {}
# Who answered the questions of lr_test that are drawn for another id of the same person, with that
# id: {"eve@uni.example": "eve"}.
c.JudgeCells.same_person = {}
# Feedback and formgrader show what students wrote: their HTML must not run in a browser. And a
# page with feedback asks no other host for anything: our folder of templates comes before nbgrader's.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {"strip_files_prefix": clean_html}  # nbgrader's templates end with it
c.HTMLExporter.extra_template_basedirs = [
    str(course / "autograder" / "grading" / "templates"),
    str(Path(formgrader.__file__).parent / "templates"),
]

# nbgrader has no setting for these two classes: the converter behind `nbgrader autograde` and
# formgrader's button, and what runs the cells for `nbgrader validate`.
autogradeapp.Autograde = api.Autograde = Autograde
validateapp.Validator = Validator

# nbgrader's validate takes paths only: of an assignment's name it says nothing at all.
command = Application.instance() if Application.initialized() else None
if isinstance(command, ValidateApp):
    masters = {name: course / "solutions" / name / f"{name}.ipynb" for name in command.extra_args}
    command.extra_args = [str(path) if path.is_file() else name for name, path in masters.items()]
