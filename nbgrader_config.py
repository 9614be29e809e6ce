"""nbgrader's settings for this course. Every nbgrader command is run from this folder.

nbgrader generate_assignment lr01_first_step     solutions/ -> exercises/
nbgrader validate lr01_first_step                the master passes its own visible checks
nbgrader autograde lr01_first_step               submitted/ -> autograded/, gradebook.db
nbgrader generate_feedback lr01_first_step       autograded/ -> feedback/
nbgrader export                                  gradebook.db -> grades.csv
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 (nbgrader defines it)

course = Path(__file__).resolve().parent
if str(course) not in sys.path:
    sys.path.append(str(course))  # for autograder, which is never installed for students

c.CourseDirectory.root = str(course)
# A hub may have several courses, and says which of them this is.
c.CourseDirectory.course_id = os.environ.get("CLASSROOM_COURSE", "learning-rates")
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"

# exercises/ is derived from solutions/: generating it always replaces what is there.
c.GenerateAssignment.force = True
# No error in place of an answer: a student may run all cells before every answer is written.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}
# Seconds a cell may run. The slowest cell of the master needs about 5 on two slow cores.
c.Execute.timeout = 60
# Bounds of one submission that shall differ from autograder/sandbox/limits.py, by name.
c.SandboxedExecute.limits = {}
# Who answered the questions of lr_test that are drawn for another id of the same person, with that
# id: {"eve@uni.example": "eve"}.
c.JudgeCells.same_person = {}
# A score that is not complete, as a submission could not be read or an item waits for you, is left
# out of the files for Canvas and Moodle; "mark" writes what it is so far, with a mark.
c.ScoreFiles.incomplete = "leave out"
# What handing in late costs: "none" shows lateness and takes nothing off; "grace" costs nothing for
# c.LatePolicy.grace minutes, and then all; "per day" costs c.LatePolicy.per_day (points, or a share as
# "10 %") for each day begun after the grace, and at most c.LatePolicy.cap.
c.LatePolicy.kind = "none"
# Where the class is, as "Europe/Berlin": times are shown, and days of lateness counted, by its clocks.
c.NbGraderAPI.timezone = "UTC"
# Where back-ups go (best another disk), and of how many days one is kept.
c.BackUp.folder = "backups"
c.BackUp.keep = 14
# Whose a file is that was downloaded from Canvas or Moodle, for `nbgrader zip_collect`.
c.ZipCollectApp.collector_plugin = "autograder.collector.DownloadCollector"

try:
    from autograder.plug_in import plug_in

    plug_in(c)
except Exception as error:
    # nbgrader would only log it, and go on without this file: with no sandbox and no judge.
    raise SystemExit(f"{__file__}: the grader cannot be loaded: {error!r}") from error
