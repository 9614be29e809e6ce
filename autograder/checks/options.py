"""Questions with options: which options are right, and what to say about each, read from YAML.

An assignment's ``options.yml``, beside its checks, names the variable of each answer:

    answer_q2:
      options:
        A: {feedback: "Yes: a float, by name.", correct: true}
        B: {feedback: "This is text, not a number."}
      missed: One more line belongs here.

``feedback`` is for whoever chose the option: it names the misconception, never the right option.
``missed``, where several options are right, is said for each of them that was left out.
"""

from dataclasses import dataclass
from pathlib import Path

from lrlab import strict_yaml


@dataclass(frozen=True)
class Options:
    """One question: the variable that holds the answer, and its options in order.

    right: names of the options that are right; feedback: a sentence for each option.
    """

    variable: str
    right: frozenset[str | float]
    feedback: dict[str | float, str]
    missed: str = ""


def load(module_file: str) -> dict[str, Options]:
    """Return the questions of the ``options.yml`` beside a module, by the variable's name.

    Raises ValueError with the file, the variable and the option where something is wrong.
    """
    path = Path(module_file).with_name("options.yml")
    return {
        variable: _question(variable, each, path)
        for variable, each in strict_yaml.read(path).items()
    }


def _question(variable: str, entry: dict, path: Path) -> Options:
    where = f"{path}: {variable}"
    if unknown := entry.keys() - {"options", "missed"}:
        raise ValueError(f"{where}: unknown {sorted(unknown)}; a question has options and missed")
    for name, option in entry["options"].items():
        if not {"feedback"} <= option.keys() <= {"feedback", "correct"}:
            raise ValueError(
                f"{where}, option {name}: has {sorted(option)}; it needs feedback, and may have "
                "correct: true"
            )
    feedback = {name: option["feedback"] for name, option in entry["options"].items()}
    right = {name for name, option in entry["options"].items() if option.get("correct")}
    if not right:
        raise ValueError(f"{where}: no option is correct: true")
    if len(right) > 1 and "missed" not in entry:
        raise ValueError(f"{where}: several options are correct, so it needs missed")
    return Options(variable, frozenset(right), feedback, entry.get("missed", ""))
