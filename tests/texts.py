"""The texts in a file of the instructor's, for tests that look for them where students look."""

import ast
from collections.abc import Iterator
from pathlib import Path

import yaml


def sentences(path: Path) -> list[str]:
    """Return every longer piece of text in a Python file, docstrings included, or in a YAML file."""
    return [text for text in texts(path) if len(text) > 25]


def texts(path: Path) -> Iterator[str]:
    """Yield every text in a Python or YAML file."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".yml":
        found = leaves(yaml.safe_load(source))
    else:
        nodes = ast.walk(ast.parse(source))
        found = (node.value for node in nodes if isinstance(node, ast.Constant))
    yield from (each for each in found if isinstance(each, str))


def leaves(entry: object) -> Iterator[object]:
    """Yield what stands at the ends of nested mappings and lists."""
    if isinstance(entry, dict | list):
        for below in entry.values() if isinstance(entry, dict) else entry:
            yield from leaves(below)
    else:
        yield entry
