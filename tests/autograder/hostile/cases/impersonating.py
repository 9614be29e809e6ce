"""Students who take the id of another, or one that looks like it.

An id is the folder's name, which the exchange or the instructor gave. Where ids are compared,
capitals and invisible characters make no difference: that must move no points.
"""

from hostile.case import Case

NAMED = """
import os

os.environ["JUPYTERHUB_USER"] = os.environ["USER"] = os.environ["LOGNAME"] = "pam"
student_id = student = name = __user__ = "pam"
ids = same_person = ["pam", "ada"]
"""
CASES = [
    Case("ad\u200fa", wrong=True),
    Case("iKE\ufeff", wrong=True),
    Case("pam_s_name", first=NAMED, last=NAMED, wrong=True),
]
