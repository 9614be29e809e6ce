"""The control: an honest notebook, which shows that the suite itself takes nothing away."""

from hostile.case import Case

CASES = [Case("honest", says=(r"2 of 2 points",))]
