"""nbgrader's settings for this course. Every nbgrader command is run from this folder.

nbgrader generate_assignment lr01_first_step     solutions/ -> exercises/
nbgrader validate lr01_first_step                the master passes its own visible checks
nbgrader autograde lr01_first_step               submitted/ -> autograded/, gradebook.db
nbgrader generate_feedback lr01_first_step       autograded/ -> feedback/
nbgrader export                                  gradebook.db -> grades.csv
"""

import os
import subprocess
import sys
from pathlib import Path

from nbgrader.apps import AutogradeApp, ValidateApp
from traitlets.config import Application

c = get_config()  # noqa: F821 (nbgrader defines it)

course = Path(__file__).resolve().parent
if str(course) not in sys.path:
    sys.path.append(str(course))  # for autograder, which is never installed for students
# nbgrader creates its gradebook by calling `alembic`, which lies beside the running Python even
# when that environment is not activated.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

c.CourseDirectory.root = str(course)
c.CourseDirectory.course_id = "learning-rates"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"

# exercises/ is derived from solutions/: generating it always replaces what is there.
c.GenerateAssignment.force = True
# No error in place of an answer: a student may run all cells before every answer is written.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}

# Both lists are nbgrader's own, in its order, but for two places. RestoreCells stands where
# OverwriteCells stood: a test cell that a student deleted comes back; without it an older score
# would stay. JudgeCells stands where Execute stood: the judge decides points and messages.
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "autograder.restore_cells.RestoreCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.OverwriteCells.add_missing_cells = True
c.Autograde.autograde_preprocessors = [
    "autograder.judge_cells.JudgeCells",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# Seconds a cell may run. The slowest cell of the master needs about 5 on two slow cores.
c.Execute.timeout = 60

# Two commands that would otherwise surprise a newcomer. In a fresh clone no assignment is in the
# gradebook yet, and autograde stops with a stack trace: release them first, which changes no file
# in git. And validate takes paths only: of an assignment's name it says nothing at all.
command = Application.instance() if Application.initialized() else None
if isinstance(command, AutogradeApp) and not (course / "gradebook.db").exists():
    subprocess.run([sys.executable, "-m", "autograder", "release"], cwd=course, check=True)
if isinstance(command, ValidateApp):
    masters = {name: course / "solutions" / name / f"{name}.ipynb" for name in command.extra_args}
    command.extra_args = [str(path) if path.is_file() else name for name, path in masters.items()]
