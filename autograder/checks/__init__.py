"""The checks: one module or package an assignment, one public function a graded cell.

A function's name is the cell's ``grade_id``. It gets a ``Student`` and returns the cell's parts.
Its messages say what the student's value was, what it lacks and where to read, never the answer.
What only one assignment's checks need lies in its package; what several share, in ``autograder``.
"""
