"""A chapter's code cells as a reader meets them, by their tags.

- ``hide-input``: the code is folded under the words of its first line, which is a comment.
- ``check``: so is the whole cell, as one quiet line that says what was checked.
- ``live``, ``recorded``: a badge below the output says where the result comes from.

A fold is a plain `<details>`: it needs no script, and the printed page leaves it closed.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

# What a badge says when it is pointed at; intro.md says it to everybody.
ORIGINS = {
    "live": "computed when this page was built",
    "recorded": "measured once, with its seeds and its machine in book/runs",
}


class fold(nodes.General, nodes.Element):
    """Code that opens when its line, ``summary``, is asked for; ``check`` says that it is a check."""


class origin(nodes.General, nodes.Element):
    """The badge of a result: its ``kind`` is one of ORIGINS."""


class ShowByTags(SphinxPostTransform):
    """Fold cells and badge their outputs; comes before MyST-NB would fold them in its own words."""

    default_priority = 198
    formats = ("html",)

    def run(self, **options) -> None:
        for cell in list(self.document.findall(nodes.container)):
            if cell.get("nb_element") == "cell_code":
                show_by_tags(cell, cell["cell_metadata"].get("tags", []))


def show_by_tags(cell: nodes.container, tags: list[str]) -> None:
    """Change one code cell, a source and perhaps an output, into what its ``tags`` say."""
    if cell.children[-1].get("nb_element") == "cell_code_output":
        cell.extend(origin(kind=tag) for tag in tags if tag in ORIGINS)
    summary = first_comment(cell.children[0].astext())
    if summary and {"check", "hide-input"} & {*tags}:
        cell.attributes.pop("hide_mode", None)
        inside = cell.children if "check" in tags else cell.children[:1]
        folded = fold("", *inside, summary=summary, check="check" in tags)
        cell.children = [folded, *cell.children[len(inside) :]]
        cell.setup_child(folded)


def first_comment(source: str) -> str:
    """Return what the first line says when it is a comment, else nothing."""
    line = source.split("\n", 1)[0]
    return line.removeprefix("#").strip() if line.startswith("# ") else ""


def visit_fold(translator, node: fold) -> None:
    kind, lead = ("fold check", "✓ checked: ") if node["check"] else ("fold", "")
    words = translator.encode(lead + node["summary"])
    translator.body.append(f'<details class="{kind}"><summary>{words}</summary>')


def depart_fold(translator, node: fold) -> None:
    translator.body.append("</details>\n")


def visit_origin(translator, node: origin) -> None:
    kind = node["kind"]
    translator.body.append(f'<p class="origin" title="{ORIGINS[kind]}">{kind}</p>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the two nodes and what makes them."""
    app.add_node(fold, html=(visit_fold, depart_fold))
    app.add_node(origin, html=(visit_origin, None))
    app.add_post_transform(ShowByTags)
