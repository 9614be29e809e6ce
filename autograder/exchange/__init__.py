"""The course's side of nbgrader's exchange, in which students cannot be trusted.

``release``           puts an assignment there, whole, in folders where students change nothing
``arrived``           reads what a student put there: never more, and never anything else
``collect``           takes it into the course, by whose it is and when it came
``release_feedback``  gives each student their own pages
``by_account``        says which account is whose
``given_root``        does without the right to write into the exchange's root

The student's side is ``lrlab.handing_in``; with stock nbgrader there all of this works too, but what
that writes can be read by whoever learns its name.
"""
