"""The sentences that a check says, kept as YAML beside its code: rewording needs no Python.

A package's ``messages.yml`` holds sentences by name, in groups. A part has a group with at least
``right`` and ``wrong``, or with one sentence for each way to be wrong::

    one_step:
      size:
        right: The change has the size that the rate says.
        wrong: The change is {ratio:.3g} times what one SGD step makes.

What stands in braces is filled in by the check, as ``str.format`` does it; a brace that is meant as
one is written twice.
"""

import functools
from collections.abc import Iterator
from pathlib import Path

from autograder.judge.verdict import CheckError, Part, part
from lrlab import strict_yaml


class Messages:
    """The sentences of one file. A sentence's name is its groups' names and its own, with dots."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sentences = dict(_named(strict_yaml.read(path)))
        for name, sentence in self.sentences.items():
            if not isinstance(sentence, str):
                raise CheckError(f"{path}: '{name}' is {sentence!r}, not a sentence: quote it")

    def __call__(self, name: str, **values: object) -> str:
        """Return the sentence ``name``, filled in.

        Raises CheckError when there is none, or when it asks for a value that is not given.
        """
        try:
            return self.sentences[name].format(**values)
        except (LookupError, ValueError, TypeError, AttributeError) as error:
            raise CheckError(f"{self.path}: cannot say '{name}': {error!r}") from error

    def part(
        self, points: float, right: object, name: str, *, wrong: str = "wrong", **values: object
    ) -> Part:
        """Return a part that earns its points and says ``name.right``, or says ``name.wrong``.

        wrong: the sentence's own name, where the group has more than one for what is not right.
        """
        said = self(f"{name}.{'right' if right else wrong}", **values)
        return part(points, right, said, said)

    def group(self, name: str) -> dict[str, str]:
        """Return the sentences of a group, by their own names; none of them asks for a value."""
        return {
            each.removeprefix(f"{name}."): self(each)
            for each in self.sentences
            if each.startswith(f"{name}.")
        }


@functools.cache
def load(module_file: str) -> Messages:
    """Return the sentences of the ``messages.yml`` beside a module, whose ``__file__`` it gets.

    Raises CheckError when an entry is no text, and YAMLError when the file is no YAML or
    a name stands twice in a group.
    """
    return Messages(Path(module_file).with_name("messages.yml"))


def _named(entry: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Yield what stands below ``entry`` with its name."""
    if isinstance(entry, dict):
        for key, below in entry.items():
            yield from _named(below, f"{name}.{key}" if name else str(key))
    else:
        yield name, entry
