"""How the site shows a code cell by its tags; `test_site` looks at the pages."""

import cells
import pytest
from docutils import nodes

SOURCE = "# the loss is ln 10\nassert loss == LN10"


def cell(*tags: str, source: str = SOURCE, output: str = "") -> nodes.container:
    """Return a code cell as MyST-NB makes it."""
    whole = nodes.container(nb_element="cell_code", cell_metadata={"tags": [*tags]})
    whole["hide_mode"] = "input"
    code = nodes.literal_block(text=source)
    whole += nodes.container("", code, nb_element="cell_code_source")
    if output:
        told = nodes.literal_block(text=output)
        whole += nodes.container("", told, nb_element="cell_code_output")
    cells.show_by_tags(whole, [*tags])
    return whole


def test_a_check_is_one_line_and_all_of_it_is_below_that_line():
    (folded,) = cell("check", output="a result").children
    assert (folded["summary"], folded["check"]) == ("the loss is ln 10", True)
    assert folded.astext() == f"{SOURCE}\n\na result"


def test_folded_code_leaves_its_output_in_sight_and_is_folded_once():
    whole = cell("hide-input", output="a result")
    folded, output = whole.children
    assert (folded["summary"], folded["check"]) == ("the loss is ln 10", False)
    assert folded.astext() == SOURCE and output.astext() == "a result"
    assert "hide_mode" not in whole  # else MyST-NB would fold it again


def test_a_cell_to_read_is_left_alone():
    assert [each["nb_element"] for each in cell().children] == ["cell_code_source"]


@pytest.mark.parametrize("tag", cells.ORIGINS)
def test_a_badge_stands_below_the_result(tag):
    *_, output, badge = cell(tag, output="a result").children
    assert output.astext() == "a result" and badge["kind"] == tag


def test_no_badge_stands_where_there_is_no_result():
    assert cell("live").next_node(cells.origin) is None


def test_a_shebang_or_a_statement_is_no_comment():
    assert cells.first_comment("#!python\nx = 1") == cells.first_comment("x = 1  # one") == ""
