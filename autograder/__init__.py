"""The instructor's side of grading: nbgrader's plug-in, the sandbox, the judge and its checks.

A submission passes through these rooms, in this order:

``submission``   what students wrote, found and made harmless
``grading``      nbgrader's plug-in: it runs the cells, asks the judge, and writes what comes of it
``sandbox``      the place where students' code runs: one real kernel in its own namespaces
``judge``        a clean process that holds the checks and decides points and messages
``checks``       one package an assignment, one small function a graded cell; and what they share
``changes``      which grades changed without anything else being handed in
``withdrawn``    whose results no longer stand, as an assignment was withdrawn
``late``         when something is due, what lateness costs, and how that is said
``identity``     which ids are one person's, whatever their form
``course``       where a course keeps what: nbgrader's settings
``chapters``     links to the chapters of the published book that a text names
``outcomes``     what came of a submission, as a file: for grading, merging and the report
``report``       the class report, and tables for Canvas and Moodle
``feedback``     the page that each student gets
``formgrader``   what nbgrader's buttons start, so that no grader waits for another

``fork_server``  processes that have done their slow imports and fork for every request
``serving``      what these processes run
``faults``       what went wrong by our fault, in one line for whoever grades
``roster``       reads a class list into the gradebook, as spreadsheets save one
``care``         back-ups, the archive of a term, students renamed, merged and forgotten
``release``      makes exercises/ from solutions/, also when some have handed in already
``plug_in``      puts all this into nbgrader, in this course and in any other
``classroom``    a JupyterHub with a class in it, on one machine or a cluster

Nothing here is installed with ``lrlab``: students never have it. For courses of other people
``pyproject.toml`` beside this file makes a distribution of it, without the checks.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent  # where this package is imported from
