"""The class report: one HTML page for one assignment, made from what grading left behind.

``entries``    reads ``outcomes/ASSIGNMENT/NOTEBOOK/STUDENT.json``; a damaged file is an entry, not an error
``scores``     reads final scores from nbgrader's gradebook
``by_hand``    what a person decided after the judge: it stands in place of the judge's words
``students``   the table of students, which ``sort.js`` sorts
``changed``    grades that changed when the same work was graded again
``titles``     what people call an item: the nearest heading above it
``alike``      names ids that are one person's but for capitals and invisible characters
``messages``   groups the messages of lost points: the same sentence with other values is one
``items``      difficulty and discrimination of each item
``charts``     where the bars and labels of the page's drawings lie
``wording``    how numbers and times are written
``sentences``  how the judge's words are: code as code, chapters as links
``page``       puts it all into ``page.html.jinja``

Names and messages come from students. They are cleaned of control characters when they are read
and escaped by jinja2 when they are written; the page forbids itself every script and request.
"""

from autograder.report.page import write_report

__all__ = ["write_report"]
