"""Formulas as the site shows them; `test_site` sees that they need no script."""

import pytest
from lrlab_book import mathml

SPACE = "<mtext>\u00a0</mtext>"


@pytest.mark.parametrize("formula", [r"\ln 10", r"-\ln p", r"\cos\frac{x}{2}", r"\ln\tfrac{1}{10}"])
def test_a_function_stands_apart_from_its_argument(formula):
    assert mathml(formula, "inline").count(SPACE) == 1


@pytest.mark.parametrize("formula", [r"\ln(x)", r"\log_{10}", r"L_\text{new}", "ab", r"a - \ln"])
def test_nothing_else_is_moved(formula):
    assert SPACE not in mathml(formula, "block")
