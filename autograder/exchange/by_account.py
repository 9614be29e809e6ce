"""Whose an account is: on a shared machine the system knows who wrote a file, and nobody else does."""

import pwd
from collections import defaultdict
from collections.abc import Iterable

from traitlets import DottedObjectName
from traitlets.utils.importstring import import_item

from autograder.exchange.given_root import GivenRoot


class ByAccount(GivenRoot):
    """What both directions of the exchange share."""

    # By its name, as settings are sent to the processes that grade.
    person = DottedObjectName(
        "pwd.getpwnam",
        help="What returns the account of a student by their id, as pwd.getpwnam does, or raises "
        "LookupError. Unless it is set, ids are names of accounts; when it is, only who is in the "
        "gradebook can hand in.",
    ).tag(config=True)

    @property
    def is_class(self) -> bool:
        """Whether this course knows its people, and an account is not yet a student."""
        return self.person != ByAccount.person.default_value

    def uid(self, student: str) -> int | None:
        """Return the number of a student's account, or None for one who has none."""
        try:
            return import_item(self.person)(student).pw_uid
        except (LookupError, ValueError):  # a name with a zero byte is no account's
            return None

    def by_uid(self, students: Iterable[str]) -> dict[int, str]:
        """Return the student of each account; of one that two have, none."""
        found = defaultdict(list)
        for each in students:
            if (uid := self.uid(each)) is not None:
                found[uid].append(each)
        for uid, several in found.items():
            if len(several) > 1:
                self.log.error(
                    "The students %s have one account, %s: nothing of it is collected.",
                    " and ".join(several),
                    account_name(uid),
                )
        return {uid: each[0] for uid, each in found.items() if len(each) == 1}


def account_name(uid: int) -> str:
    """Return the name of an account, or its number when it has none any more."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
