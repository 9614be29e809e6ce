"""The texts in a file of the instructor's, for tests that look for them where students look."""

import ast
from collections.abc import Iterator
from pathlib import Path

import yaml


def sentences(path: Path) -> list[str]:
    """Return every longer piece of text in a module, docstrings included, or in a YAML file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".yml":
        texts = leaves(yaml.safe_load(text))
    else:
        texts = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
    return [each for each in texts if isinstance(each, str) and len(each) > 25]


def leaves(entry: object) -> Iterator[object]:
    """Yield what stands at the ends of nested mappings and lists."""
    if isinstance(entry, dict | list):
        for below in entry.values() if isinstance(entry, dict) else entry:
            yield from leaves(below)
    else:
        yield entry
