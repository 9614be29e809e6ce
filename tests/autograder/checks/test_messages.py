"""Sentences from YAML: every name that the checks use is there, and every one there is used."""

import ast
import inspect
import re
from pathlib import Path
from string import Formatter

import pytest

from autograder import ROOT
from autograder.checks import messages, options, trials
from autograder.judge.verdict import CheckError

PACKAGES = sorted(path.parent for path in ROOT.glob("autograder/checks/lr*/messages.yml"))
each_package = pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
FILE = """
one_step:
  size:
    right: "The size is right: {{1}}."
    wrong: "The change is {ratio:.3g} times as long."
    not_yet: Direction first.
"""


@pytest.fixture
def say(tmp_path) -> messages.Messages:
    """The sentences of a made-up package."""
    (tmp_path / "messages.yml").write_text(FILE, encoding="utf-8")
    return messages.load(str(tmp_path / "checks.py"))


def test_a_part_says_the_sentence_that_fits(say):
    parts = [
        say.part(2, True, "one_step.size", ratio=1.0),
        say.part(2, False, "one_step.size", ratio=0.12345),
        say.part(2, False, "one_step.size", wrong="not_yet", ratio=1.0),
    ]
    assert [(each.earned, each.message) for each in parts] == [
        (2, "The size is right: {1}."),
        (0, "The change is 0.123 times as long."),
        (0, "Direction first."),
    ]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("one_step.sise.right", {}),
        ("one_step.size", {}),
        ("one_step.size.wrong", {}),
        ("one_step.size.wrong", {"ratio": "long"}),
    ],
)
def test_what_cannot_be_said_is_our_fault(say, name, values):
    with pytest.raises(CheckError, match=rf"messages\.yml: cannot say '{name}'"):
        say(name, **values)


def test_what_is_no_sentence_is_named(tmp_path):
    (tmp_path / "messages.yml").write_text("one_step: {size: {right: yes}}", encoding="utf-8")
    with pytest.raises(CheckError, match=r"messages\.yml: 'one_step.size.right' is True, not a"):
        messages.load(str(tmp_path / "checks.py"))


class Source(ast.NodeVisitor):
    """The texts in a package's code, and where it says a sentence.

    said: the name, whether it is a group's, and which values are given.
    """

    def __init__(self, package: Path) -> None:
        self.texts, self.said = {"right", "wrong"}, []
        code = [path.read_text(encoding="utf-8") for path in package.glob("*.py")]
        if any("training_parts(" in each for each in code):  # says sentences of whoever calls it
            code.append(inspect.getsource(trials.training_parts))
        for each in code:
            self.visit(ast.parse(each))

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.texts.add(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        function = ast.unparse(node.func)
        if function in ("say", "say.group", "say.part"):
            name = node.args[2 if function == "say.part" else 0]
            given = {each.arg for each in node.keywords} - {"wrong"}
            self.said.append((name, function != "say", given))
        self.generic_visit(node)

    def pattern(self, name: ast.expr) -> str:
        """Return what a name may be; where a part of it varies, that is another of the texts."""
        match name:
            case ast.Constant(value=text):
                return re.escape(text)
            case ast.JoinedStr(values=pieces):
                return "".join(map(self.pattern, pieces))
            case ast.FormattedValue():
                return f"({'|'.join(map(re.escape, self.texts))})"
            case ast.IfExp(body=body, orelse=orelse):
                return f"({self.pattern(body)}|{self.pattern(orelse)})"
        raise AssertionError(f"write the name of the sentence where it is said: {ast.dump(name)}")


@each_package
def test_the_code_and_the_file_hold_the_same_names(package):
    """A sentence's name stands in the code; or its group's does, and its own is there, too."""
    sentences = messages.load(str(package / "checks.py")).sentences
    source, used = Source(package), set()
    own = "|".join(map(re.escape, source.texts))
    for expression, is_group, given in source.said:
        name = source.pattern(expression) + (rf"\.({own})" if is_group else "")
        found = {each for each in sentences if re.fullmatch(name, each)}
        assert found, f"no sentence {ast.unparse(expression)}"
        used |= found
        if None not in given:  # some are given as **values
            fields = {part[1] for each in found for part in Formatter().parse(sentences[each])}
            assert fields - {None} == given, ast.unparse(expression)
    assert sentences.keys() == used


@each_package
def test_every_question_with_options_is_asked(package):
    code = (package / "__init__.py").read_text(encoding="utf-8")
    asked = re.findall(r'(?:choice|selection)\(\s*student, OPTIONS\["(\w+)"\]', code)
    assert sorted(asked) == sorted(options.load(str(package / "checks.py")))
