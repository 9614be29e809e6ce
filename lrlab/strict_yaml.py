"""YAML in which no name may stand twice in one mapping; plain YAML silently keeps the last."""

from pathlib import Path

import yaml


class _Loader(yaml.SafeLoader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key.value!r} stands here a second time", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read(path: Path) -> object:
    """Return the plain data of a YAML file. Raises yaml.YAMLError, with the line, if it is faulty."""
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, Loader=_Loader)
