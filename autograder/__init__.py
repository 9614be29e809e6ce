"""The instructor's side of grading: the judge, its checks, and the nbgrader plug-in.

``judge_cells``  what nbgrader runs in place of ``Execute``: the student's cells, then the judge
``restore_cells`` puts back the test cells that a student deleted
``judge``        a clean process that holds the checks and decides points and messages
``student``      the door: a check asks for plain data, and gets checked plain data or a sentence
``kernel``       sends one piece of code to the student's kernel and waits, with a time limit
``bridge``       the code that answers inside the student's kernel; it holds nothing secret
``wire``         plain data as JSON: numbers, text, lists, arrays as raw bytes; never pickle
``verdict``      parts, points, and the text that a student reads
``choices``      checks for questions with options; ``numbers``: for answers that are numbers
``trials``       steps that the judge takes itself; ``step_feedback``: what to tell about one
``release``      makes exercises/ from solutions/: ``python -m autograder release``
``checks``       one module an assignment, one small function a graded cell

Nothing here is installed with ``lrlab``: students never have it.
"""
