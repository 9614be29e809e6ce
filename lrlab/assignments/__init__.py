"""What the notebooks of the assignments import, and the judge with them: no answer is in here.

``expect``     the sentence that a failed visible check shows
``lab``        train-to-target: the frozen data and network; ``recipe``: what may be chosen
``questions``  the questions of the test, their numbers drawn for each student
"""
