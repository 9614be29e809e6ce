"""YAML that keeps every name: one that stands twice in a mapping is an error with its place."""

import pytest
import yaml

from lrlab import strict_yaml


def test_plain_data_comes_back_in_order(tmp_path):
    path = tmp_path / "options.yml"
    path.write_text("B: {text: é}\nA: {text: no}\n0.1: [1, 2]\n", encoding="utf-8")
    assert list(strict_yaml.read(path).items()) == [
        ("B", {"text": "é"}),
        ("A", {"text": False}),
        (0.1, [1, 2]),
    ]


@pytest.mark.parametrize("text", ["A: 1\nB: 2\nA: 3\n", "q:\n  A: {text: a}\n  A: {text: b}\n"])
def test_a_name_that_stands_twice_is_refused_with_its_place(tmp_path, text):
    path = tmp_path / "options.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(yaml.YAMLError, match=r"(?s)'A' stands here a second time.*options\.yml.*3"):
        strict_yaml.read(path)
