"""nbgrader's settings for whoever grades a course of a classroom; the course's own are stronger."""

import os

c = get_config()  # noqa: F821 (nbgrader defines it)

c.Exchange.root = os.environ["CLASSROOM_EXCHANGE"]
c.CourseDirectory.course_id = os.environ["CLASSROOM_COURSE"]
if os.environ["CLASSROOM_ACCOUNTS"] == "separate":
    c.ByAccount.person = "autograder.classroom.accounts.person"  # the course's own
else:  # then files tell nobody apart, and what a submission says of its student is all there is
    c.ExchangeCollect.check_owner = False
