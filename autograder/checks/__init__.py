"""The checks: one package an assignment, one public function a graded cell; and what they share.

To add an assignment, write a package with its name:

``__init__.py``   one public function a graded cell, named by the cell's ``grade_id``: it gets a
                  ``Student`` and returns parts, whose points are proportions: the cell in the
                  master says how many points they share, and alone decides it
``options.yml``   the questions with options: which of them are right, and a sentence for each
``messages.yml``  every other sentence, by name
more modules      each for one job: the judge's own runs, or what a wrong answer shows

What they share: ``choices`` and ``options`` (questions with options), ``numbers`` (answers that are
numbers), ``messages`` (sentences by name), and ``trials`` (the judge's own steps).

A sentence says what the student's value was, what it lacks and where to read, never the answer.
"""
