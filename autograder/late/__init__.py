"""Handing in late: when something is due, what lateness costs, and how that is said.

``clock``     due dates and times of handing in, in the course's time zone; how many days lie between
``policy``    the rule as a setting, and nbgrader's plugin that takes the points off
``penalties`` has the rule, as it is now, count for everyone who is graded
``words``     how late a submission is, what that costs, and by which rule: the same words everywhere
``dates``     sets a due date, for everyone or for one student
``commands``  the same for a person at a terminal
"""
