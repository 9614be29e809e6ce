"""nbgrader's plug-in, in the order of its pipeline, and the workers that grade a class.

``converter``      nbgrader's ``Autograde``, made to go on and to lose nothing
``due``            whom to grade, and why
``graded_anew``    a record of grades that change when the same work is graded again
``gradebook``      whether gradebook and release can be used, and a sentence where not
``copy_files``     copies what lies beside the notebook
``judge_cells``    what nbgrader runs in place of ``Execute``: the cells, then the judge
``judged_run``     runs the cells and has items judged on the way; ``items`` says when
``hidden_parts``   the instructor's own tests, and which of them need earlier ones
``by_hand``        items that a person grades
``staged_result``  a result, built aside and put in its place when it is complete
``execution``      runs cells in a kernel of the sandbox
``causes``         what stopped the cell that should have made an answer, for the verdict on it
``notebook_outputs``, ``cell_outputs``   what cells have written, within bounds
``validation``     nbgrader's validate, on the notebook that would be graded
``verdict_cells``  puts verdicts into the cells that nbgrader reads
``workers``        a class with several workers, or shards of it: ``python -m autograder grade``
"""
