"""The page that a student gets: the score, what to look at in each question, then the notebook.

``step``       nbgrader's step: it gathers what one notebook's page says, before the page is written
``page``       what the page says, as a small tree; nothing of how it looks
``lateness``   says in formgrader, above a submission, how late it is and what that costs
``verdicts``   the judge's verdicts, from the outcome that belongs to the notebook
``text``       text cells and outputs below the headings of the page
``templates/feedback``  how it looks: nbconvert's template, which nbgrader asks for by this name
``templates/formgrade``  keeps the page on which a person grades from asking another host

A student may print or write anything, a score too. So whatever the page says itself stands in
elements that ``submission.markup`` lets through from nobody: section, aside, figure, article.
"""
