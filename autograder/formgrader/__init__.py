"""What formgrader's buttons start, beside the server of its pages: nobody waits for others' grading.

In stock nbgrader that server does itself what a button starts, and answers nobody meanwhile.

``pages``   what the pages ask of the server: a button goes to a worker, a score that is saved to a thread
``workers`` one worker for each course, which does one thing after the other
``worker``  the program of a worker
``dialog``  what the dialog says when it is done
"""
