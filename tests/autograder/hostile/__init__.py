"""Notebooks that try to get points they did not earn, or to harm the grader.

``trial``     a tiny assignment that the suite makes itself
``lr00_trial`` its checks, copied into the course's ``autograder/checks``
``case``      what one hostile submission is, and what must hold after it
``cases``     the submissions, one module a kind
``classes``   who is graded with whom, honest students among them, and by which command
``room``      the outer bound: a process, file and network space of its own around the grader
``evidence``  what is left in the room after grading, and whether it is as it must be

Nothing here trusts the grader's own sandbox: a case that breaks out of it is still in the room.
"""
