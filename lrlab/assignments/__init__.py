"""What the notebooks of the assignments import, and the judge with them: no answer is in here.

``expect``     the visible checks, and the summary of them
``answers``    what a letter, a list of letters or a number means, however it is typed
``lab``        train-to-target: the frozen data and network; ``recipe``: what may be chosen
``questions``  the questions of the test, their numbers drawn for each student
"""
