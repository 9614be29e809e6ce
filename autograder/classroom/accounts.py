"""The system account of everyone in a class.

A person's name may be in any script; the name of a Linux account may not. The spawner starts a
person's server in this account, and the exchange knows by it whose a submission is, so no two people
share one, and no account that the system has for itself is a person's.
"""

import hashlib
import os
import pwd
import re
import shutil
import unicodedata

LONGEST = 32  # characters of an account's name (useradd(8))
PLAIN = re.compile(r"[a-z][a-z0-9_-]*")  # what useradd takes; `_apt` and its like are the system's
HASHED = re.compile(r".*-[0-9a-f]{16}")  # 64 bits: a name that gets another's account is not found
COURSE = "grader-"
FIRST_UID = 1000  # below it are the system's own (login.defs(5))
NOBODY = 65534  # whoever has no account, as files of other machines and namespaces


def account(name: str) -> str:
    """Return the account of the person whom the hub calls ``name``.

    It is the name itself where Linux takes that, else what is ASCII in it and a hash. Capitals make
    no other person: JupyterHub has none in names. Whether there is such an account, and whether it
    is a person's, is `person`'s matter.
    """
    name = name.lower()
    return _hashed(name) if name.startswith(COURSE) or not _is_plain(name) else name


def course_account(course: str) -> str:
    """Return the account, and its group, that owns a course: never a person's."""
    name = f"{COURSE}{course}"
    return name if _is_plain(name) else COURSE + _hashed(course, LONGEST - len(COURSE))


def person(name: str) -> pwd.struct_passwd:
    """Return the account of a person, as the system has it.

    Raises LookupError, with a sentence, when there is none, or when it is not a person's: nobody
    becomes root by having that name in a class list.
    """
    wanted = account(name)
    try:
        found = pwd.getpwnam(wanted)
    except KeyError:
        raise LookupError(f"{name}: this machine has no account {wanted}.") from None
    if found.pw_uid < FIRST_UID or found.pw_uid == NOBODY:
        raise LookupError(
            f"{name}: the account {wanted} is the system's own. This person needs another name."
        )
    return found


def account_tool(name: str) -> str:
    """Return the path of a program that changes accounts, also where /usr/sbin is not on the PATH, as
    on Debian after ``su``."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
    return shutil.which(name, path=path) or name


def _is_plain(name: str) -> bool:
    return len(name) <= LONGEST and bool(PLAIN.fullmatch(name)) and not HASHED.fullmatch(name)


def _hashed(name: str, longest: int = LONGEST) -> str:
    """Return an account for a name that Linux does not take, or that looks like one of these."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", letters).strip("-0123456789")
    return f"{readable[: longest - 17].strip('-') or 'u'}-{digest}"
