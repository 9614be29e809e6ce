"""What the page "Your progress" has of the whole book: its chapters, their sections and questions.

The directive `practice-data` leaves them on the page where it stands, out of sight: a list for
`site/progress_page.mjs`, and every practice question in a template, from which those that are due
are taken. So the page works from a folder too, where it could not ask for another file.
"""

import json
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from lrlab import quiz


class practice_data(nodes.General, nodes.Element):
    """Where the chapters and questions of the book are left."""


class PracticeData(SphinxDirective):
    """Takes no argument and has no content."""

    def run(self) -> list[nodes.Node]:
        """Return the place; it is filled when all chapters were read."""
        return [practice_data()]


def sections(env: BuildEnvironment, page: str) -> list[list[str]]:
    """Return the anchor and the title of each section of a page, in order."""
    [whole] = env.tocs[page]
    entries = [item.next_node(nodes.reference) for part in whole[1:] for item in part]
    return [[entry["anchorname"][1:], entry.astext()] for entry in entries]


def visit(translator, node: practice_data) -> None:
    """Write what every quiz of the book asks, and on which page it stands."""
    env = translator.builder.env
    chapters, questions = [], []
    for path in sorted(Path(env.srcdir, "quizzes").glob("*.yml")):
        bank = quiz.load(path.stem)
        number = path.stem.split("_")[0].lstrip("0")
        chapters.append(
            {
                "name": path.stem,
                "title": env.titles[path.stem].astext().removeprefix(f"{number} "),
                "number": int(number) if number.isdigit() else None,
                "sections": sections(env, path.stem) if number.isdigit() else [],
                "questions": [quiz.question_id(path.stem, question) for question in bank],
            }
        )
        questions.append(quiz.to_html(bank, path.stem))
    data = json.dumps(chapters).replace("<", "\\u003c")
    translator.body.append(
        f'<script type="application/json" id="practice-book">{data}</script>'
        f'<template id="practice-questions">{"".join(questions)}</template>'
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_node(practice_data, html=(visit, None))
    app.add_directive("practice-data", PracticeData)
