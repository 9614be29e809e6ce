"""Outputs of a student's process are stored as what a person sees of them, and nothing else."""

import base64
import time

import nbformat
import pytest
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.submission.outputs import clean, pictures, shown_text

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n picture").decode()
JPEG = base64.b64encode(b"\xff\xd8\xff picture").decode()
METADATA = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}


def cleaned(*outputs: object) -> list[NotebookNode]:
    """Return what is left of one cell's outputs, in a notebook that is sound."""
    notebook = new_notebook(cells=[new_code_cell("1")], metadata={"widgets": {"state": 1}})
    notebook.cells[0].outputs = [from_dict(output) for output in outputs]
    clean(notebook, from_dict(METADATA))
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode()
    return notebook.cells[0].outputs


def test_text_stays_and_what_else_came_with_it_does_not():
    stream = {"output_type": "stream", "name": "stdout", "text": "a\n", "metadata": {"x": 1}}
    assert cleaned(stream) == [{"output_type": "stream", "name": "stdout", "text": "a\n"}]
    assert cleaned({**stream, "name": "stderr"})[0].name == "stderr"
    assert cleaned({**stream, "name": "<b>"})[0].name == "stdout"


def test_an_error_keeps_its_lines():
    error = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["a", "b"], "x": 1}
    assert cleaned(error) == [{key: error[key] for key in error if key != "x"}]


@pytest.mark.parametrize("kind", ["display_data", "execute_result"])
def test_where_there_is_a_picture_only_its_text_stays_beside_it(kind):
    data = {
        "text/plain": ["<Fig", "ure>"],
        "image/png": PNG,
        "image/jpeg": JPEG,
        "text/html": "<b>HTML</b>",
        "text/markdown": "**Markdown**",
        "text/latex": "$x$",
        "application/javascript": "alert(1)",
        "application/vnd.jupyter.widget-view+json": {"model_id": "a"},
    }
    (output,) = cleaned({"output_type": kind, "data": data, "metadata": {"a": 1}})
    assert output == {
        "output_type": "display_data",
        "data": {"text/plain": "<Figure>", "image/png": PNG, "image/jpeg": JPEG},
        "metadata": {},
    }


SVG = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="9" /></svg>'
TABLE = "<table><tr><td>0.981</td></tr></table>"


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (
            {"text/html": TABLE},
            {"text/html": "<table><tbody><tr><td>0.981</td></tr></tbody></table>"},
        ),
        ({"text/html": f"<style>a</style><script>b</script>{TABLE[:11]}"}, {}),
        ({"text/markdown": "**0.981**", "text/html": "<b>"}, {"text/markdown": "**0.981**"}),
        ({"text/latex": "$x$"}, {"text/markdown": "$x$"}),
        ({"text/markdown": "x" * 30_000}, {}),
        ({"image/svg+xml": SVG}, {"image/svg+xml": SVG}),
        ({"image/svg+xml": SVG.replace("<c", "<script>a</script><c")}, {"image/svg+xml": SVG}),
        ({"image/svg+xml": "<svg>"}, {}),
        ({"application/javascript": "alert(1)"}, {}),
        ({"application/vnd.jupyter.widget-view+json": {"model_id": "a"}}, {}),
    ],
)
def test_of_a_display_stays_what_a_person_sees(data, shown):
    text = {"text/plain": "0.981"}
    (output,) = cleaned({"output_type": "display_data", "data": data | text})
    assert output.data == shown | text
    alone = cleaned({"output_type": "display_data", "data": data})
    assert [each.data for each in alone] == ([shown] if shown else [])


@pytest.mark.parametrize(
    "value",
    [
        base64.b64encode(b"<svg onload='alert(1)'>").decode(),
        PNG + '" onerror="alert(1)',
        JPEG,
        "",
        [PNG],
        7,
    ],
)
def test_a_picture_is_what_begins_as_one_does(value):
    assert pictures({"image/png": value}) == {}
    assert pictures({"image/png": PNG + "\n"}) == {"image/png": PNG + "\n"}


@pytest.mark.parametrize(
    "output",
    [
        {},
        {"output_type": "update_display_data"},
        {"output_type": ["stream"], "text": "a"},
        {"output_type": "stream"},
        {"output_type": "stream", "name": 5, "text": {"a": 1}},
        {"output_type": "stream", "name": "stdout", "text": ["a", 5, None]},
        {"output_type": "error"},
        {"output_type": "error", "ename": 5, "evalue": None, "traceback": "abc"},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": [5, None]},
        {"output_type": "display_data", "data": [1]},
        {"output_type": "display_data", "data": {"text/plain": 5}},
        {"output_type": "display_data", "data": {"image/png": 5}},
        {"output_type": "stream", "name": "stdout", "text": "\ud800 half a character"},
    ],
)
def test_any_output_becomes_a_sound_one_or_none(output):
    assert len(cleaned(output)) <= 1


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a\nb\n", "a\nb\n"),
        ("a\r\nb\r\n", "a\nb\n"),
        ("\r 1%\r 50%\r100%\n", "100%\n"),
        ("epoch 1\rdone\nlast", "done\nlast"),
        ("waits\r", "waits\r"),
        ("first\nwaits\r\r", "first\nwaits\r"),
        ("abc\b\bX\n\b\b\bnext", "aX\nnext"),
        ("", ""),
    ],
)
def test_a_line_that_is_written_over_is_one_line(written, shown):
    assert shown_text(written) == shown


def test_no_text_takes_long_to_show():
    for text in ("x" * 10**6, "x\r" * 10**6, "x" * 10**6 + "\b" * 10**6, "\r" * 10**6):
        began = time.process_time()
        shown_text(text)
        assert time.process_time() - began < 5  # a hundredth of that; squared it is minutes


def test_what_has_only_a_name_says_what_it_was():
    def told(kind, **data):
        name = f"<IPython.core.display.{kind} object>"
        (output,) = cleaned({"output_type": "display_data", "data": {"text/plain": name, **data}})
        return output.data

    for mime, kind in (("text/markdown", "Markdown"), ("text/latex", "Math")):
        source = {"text/plain": "**0.981**", "text/markdown": "**0.981**"}
        assert told(kind, **{mime: "**0.981**"}) == source
    assert told("JSON", **{"application/json": {"a": 1}}) == {"text/plain": '{\n  "a": 1\n}'}
    assert told("HTML", **{"text/html": "<b>a</b>"}) == {"text/html": "<b>a</b>"}
    assert told("Image", **{"image/png": PNG}) == {"image/png": PNG}
    for kind, mime in (("HTML", "text/html"), ("Javascript", "application/javascript")):
        source = {mime: "<script>alert(1)</script>"}
        assert told(kind, **source) == {"text/plain": f"({kind}: not shown here)"}


def test_cells_that_ran_are_numbered_and_the_metadata_is_what_it_was():
    cells = [new_code_cell("1", execution_count=count) for count in (None, 7, None, 7, 9_999)]
    notebook = new_notebook(
        cells=[new_markdown_cell("a"), *cells], metadata={"student": "was here"}
    )
    clean(notebook, from_dict(METADATA))
    assert [cell.execution_count for cell in cells] == [None, 1, None, 2, 3]
    assert notebook.metadata == METADATA
