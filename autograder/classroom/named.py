"""The names of a settings file, taken one by one; whatever is wrong with one becomes a sentence."""

import csv
import os
import re
import unicodedata
from pathlib import Path

UNITS = {"K": 2**10, "M": 2**20, "G": 2**30}
MISSING = object()


class Names:
    """The names of one mapping in the file, each taken once; what is wrong becomes a sentence."""

    def __init__(self, data: object, where: str, mistakes: list[str]) -> None:
        self._where = where
        self._mistakes = mistakes
        if not isinstance(data, dict):
            self.wrong("", "has to hold names and values, as in classroom.example.yml")
            data = {}
        self._data = {str(name): value for name, value in data.items()}
        self._empty = not data

    def wrong(self, name: str, what: str) -> None:
        place = ".".join(filter(None, (self._where, name))) or "the file"
        self._mistakes.append(f"{place} {what}.")

    def take(self, name: str, default: object = MISSING) -> object:
        if name in self._data:
            return self._data.pop(name)
        if default is MISSING and not self._empty:
            self.wrong(name, "is missing")
        return None if default is MISSING else default

    def below(self, name: str, default: object = MISSING) -> "Names":
        place = ".".join(filter(None, (self._where, name)))
        data = self.take(name, default)
        return Names({} if data is None else data, place, self._mistakes)

    def path(self, name: str) -> Path:
        text = self.take(name)
        if text is not None and not (isinstance(text, str) and os.path.isabs(text)):
            self.wrong(name, f"is {text!r}, and has to be a path that begins with /")
        return Path(os.path.normpath(str(text)))

    def number(self, name: str, unit: str, least: float, default: object = MISSING) -> float:
        value = self.take(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < least:
            if value is not None:
                self.wrong(name, f"is {value!r}, and has to be a number of {unit}, {least} or more")
            return least
        return value

    def memory(self, name: str) -> int:
        value = self.take(name)
        if value is None:
            return 0
        found = re.fullmatch(r"(\d+(?:\.\d+)?)([KMG])", str(value))
        if not found:
            self.wrong(name, f"is {value!r}, and has to be like 2G or 512M")
            return 0
        return int(float(found[1]) * UNITS[found[2]])

    def people(self, name: str) -> tuple[str, ...]:
        value = self.take(name, [])
        if not isinstance(value, list):
            self.wrong(name, f"is {value!r}, and has to be a list of names, as in [ada, bo]")
            return ()
        for each in value:
            if why := _no_name(each):
                self.wrong(name, f"has {each!r}: {why}")
        return tuple(dict.fromkeys(map(str, value)))

    def listed(self, name: str) -> tuple[str, ...]:
        """Return the ids of a class list, a CSV file, where the settings name one."""
        if name not in self._data:
            return ()
        from autograder.roster import (
            read_roster,  # imports nbgrader, which most settings do not need
        )

        path = self.path(name)
        try:
            found = tuple(read_roster(path.read_bytes()).students)
        except (OSError, ValueError, csv.Error) as error:
            self.wrong(name, f"names {path}, of which nothing was read: {error}")
            return ()
        for each in found:
            if why := _no_name(each):
                self.wrong(name, f"names {path}, which has {each!r}: {why}")
        return found

    def done(self) -> None:
        for name in self._data:
            self.wrong(name, "is no setting that this classroom knows")

    def names(self) -> list[str]:
        return list(self._data)


def _no_name(name: object) -> str | None:
    """Return why the hub could not know a person by this name."""
    if not isinstance(name, str):
        return f'a name is text; put quotes around it, as in "{name}"'
    hidden = any(unicodedata.category(each)[0] in "CZ" and each != " " for each in name)
    if not name or name != name.strip() or hidden or "/" in name or set(name) == {"."}:
        return "a name has no /, no invisible signs and no spaces around it"
    wanted = unicodedata.normalize("NFC", name.lower())
    if name != wanted:
        return f"the hub knows people by small letters; write {wanted!r}"
    return None
