"""The instructor's side of grading: nbgrader's plug-in, the sandbox, the judge and its checks.

A submission on its way, in this order:

``converter``      nbgrader's ``Autograde``, made to go on and to lose nothing
``submission``     reads a notebook, whatever it is, and rebuilds it on the released one;
``student_files``  takes what lies beside it
``judge_cells``    what nbgrader runs in place of ``Execute``: the cells, then the judge
``execution``      runs cells in a kernel of the ``sandbox``; ``outputs`` cleans what they wrote
``judge``          a clean process that holds the checks and decides points and messages
``student``        the door: a check asks for plain data, and gets checked data or a sentence
``kernel``         sends one piece of code to the student's kernel and waits, with a time limit
``bridge``         the code that answers inside the student's kernel; it holds nothing secret
``wire``           plain data as JSON: numbers, text, lists, arrays as raw bytes; never pickle
``verdict``        parts, points, and the text that a student reads
``outcomes``       what came of a submission, as a file: for grading, merging and the report
``pages``          what students wrote in text cells, made fit for a page of feedback

``fork_server``    processes that have done their slow imports and fork for every request
``grade``          a class with several workers, or shards of it: ``python -m autograder grade``
``report``         the class report and, with ``exports``, tables for Canvas and Moodle
``release``        makes exercises/ from solutions/: ``python -m autograder release``
``checks``         one module an assignment, one small function a graded cell; what they share
                   lies beside them: ``choices`` for questions with options, ``numbers``,
                   ``trials`` for steps that the judge takes itself, and so on
``classroom``      scripts for a cluster

Nothing here is installed with ``lrlab``: students never have it.
"""
