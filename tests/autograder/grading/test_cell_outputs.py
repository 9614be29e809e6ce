"""What is kept of a cell's outputs: as a person would see them, and within bounds."""

import base64
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading import cell_outputs
from autograder.grading.cell_outputs import MOST_LINES, MOST_OUTPUTS, CellOutputs
from autograder.grading.execution import SandboxedExecute
from autograder.grading.notebook_outputs import NotebookOutputs


class Cell:
    """A cell and its outputs; every method is a message of its kernel."""

    def __init__(self, text=10_000, pictures=100_000):
        self.cell = new_code_cell("1")
        self.kept = CellOutputs(self.cell, text, pictures)

    def send(self, kind, display_id=None, **content):
        message = {
            "msg_type": kind,
            "content": {**content, "transient": {"display_id": display_id}},
        }
        if kind == "update_display_data":
            self.kept.update(message)
        else:
            self.kept.take(message)

    def print(self, text, name="stdout"):
        self.send("stream", name=name, text=text)

    def show(self, size=0, text="", **more):
        data = {"text/plain": text} if text else {}
        if size:
            data["image/png"] = png(size)
        self.send(more.pop("kind", "display_data"), data=data, metadata={}, **more)

    @property
    def outputs(self):
        """The outputs in short: text of streams, sizes of pictures, names of errors."""
        self.kept.settle()
        nbformat.validate(new_notebook(cells=[self.cell]))
        return [short(output) for output in self.cell.outputs]


def png(size):
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(size - 8)).decode()


def short(output):
    if output.output_type == "stream":
        return output.text
    if output.output_type == "error":
        return output.ename
    if "image/png" in output.data:
        return len(base64.b64decode(output.data["image/png"]))
    return output.data["text/plain"]


def test_a_line_an_epoch_is_one_output_and_the_last_line_stays():
    cell = Cell()
    for epoch in range(150):
        cell.print(f"epoch {epoch}\n")
    cell.print("the result\n")
    (text,) = cell.outputs
    assert text.startswith("epoch 0\nepoch 1\n") and text.endswith("epoch 149\nthe result\n")


def test_a_progress_bar_is_one_line_of_one_output():
    cell = Cell()
    for step in range(3000):
        cell.print(f"\rtraining: {step}/3000", "stderr")
    cell.print("\n", "stderr")
    assert cell.outputs == ["training: 2999/3000\n"]


def test_a_bar_may_go_on_after_a_look(monkeypatch):
    monkeypatch.setattr(cell_outputs, "LEAST", -120_000)  # it looks after every message
    cell = Cell()
    for text in ("1%\r", "2%", "\r3%", "\r", "\n", "a\r", "\nb"):
        cell.print(text)
    assert cell.outputs == ["3%\na\nb"]


def test_what_was_cleared_or_updated_does_not_count():
    cell = Cell(pictures=10_000)
    for _ in range(50):
        cell.show(8_000)
        cell.send("clear_output", wait=True)
    cell.show(7_000, display_id="live")
    for _ in range(50):
        cell.show(9_000, kind="update_display_data", display_id="live")
    assert cell.outputs == [9_000]
    cell.send("clear_output", wait=False)
    assert cell.outputs == []


def test_a_picture_counts_by_its_bytes_and_text_stays_beside_dropped_ones():
    cell = Cell(text=1_000, pictures=10_000)
    for number in range(20):
        cell.show(1_500)
        cell.print(f"{number}\n")
    first, *middle, last = cell.outputs
    assert (first, last) == (1_500, "19\n")
    assert middle == [
        "0\n", 1_500, "1\n", 1_500, "2\n",
        "... 14 more pictures are not kept\n",
        "".join(f"{number}\n" for number in range(3, 17)),
        1_500, "17\n", 1_500, "18\n", 1_500,
    ]  # fmt: skip


def test_the_last_large_picture_stays():
    cell = Cell(pictures=10_000)
    for size in (500, 6_000, 7_000, 8_000):
        cell.show(size)
        cell.kept.settle()
    assert cell.outputs == [500, "... 2 more pictures are not kept\n", 8_000]
    cell.show(9_999)
    assert cell.outputs == ["... 4 more pictures are not kept\n", 9_999]


def test_of_too_many_lines_the_first_and_the_last_stay():
    cell = Cell(text=10**6)
    for number in range(5_000):
        cell.print(f"{number}\n")
    head, note, tail = cell.outputs
    assert head.startswith("0\n1\n") and tail.endswith("4998\n4999\n")
    assert note == f"... {5_001 - MOST_LINES:,} more lines are not kept\n"


def test_of_too_many_characters_the_first_and_the_last_stay():
    cell = Cell(text=1_000)
    cell.print("a" * 5_000 + "b" * 5_000)
    assert cell.outputs == ["a" * 500, "... 9,000 more characters are not kept\n", "b" * 500]


def test_of_too_many_outputs_the_first_and_the_last_stay():
    cell = Cell()
    for number in range(500):
        cell.show(text=str(number))
    outputs = cell.outputs
    assert len(outputs) == MOST_OUTPUTS + 1
    assert outputs[:2] == ["0", "1"] and outputs[-2:] == ["498", "499"]
    assert outputs[MOST_OUTPUTS // 2] == "... 400 more outputs are not kept\n"


def test_a_drawing_counts_as_a_picture_and_html_as_text():
    cell = Cell(text=10_000, pictures=10_000)
    for _ in range(20):
        cell.send("display_data", data={"image/svg+xml": "<svg/>" * 300}, metadata={})
        cell.send("display_data", data={"text/html": "<b>A</b>" * 100}, metadata={})
    cell.kept.settle()
    kinds = [next(iter(each.data)) for each in cell.cell.outputs if "data" in each]
    assert (kinds.count("image/svg+xml"), kinds.count("text/html")) == (4, 12)


@pytest.mark.parametrize("mime", ["text/html", "text/markdown"])
def test_what_has_no_meaning_without_its_middle_is_kept_whole_or_not(mime):
    cell = Cell(text=10_000)
    for size in (400, 6_000):
        cell.send("display_data", data={mime: "x" * size, "text/plain": "table"}, metadata={})
    assert [dict(each.data) for each in cell.cell.outputs] == [
        {mime: "x" * 400, "text/plain": "table"},
        {"text/plain": "table"},
    ]


def test_the_error_at_the_end_stays():
    cell = Cell(text=2_000)
    cell.print("x" * 10_000)
    cell.send("error", ename="ValueError", evalue="y" * 9_000, traceback=["z" * 100] * 90)
    assert cell.outputs[-1] == "ValueError"
    assert cell.kept.text < 2_100


def test_one_look_or_many_keep_the_same(monkeypatch):
    def run():
        cell = Cell(text=3_000, pictures=9_000)
        for number in range(300):
            cell.print(f"line {number} of many\n", ("stdout", "stderr")[number % 3 == 0])
            if number % 7 == 0:
                cell.show(400, text="<Figure>")
            if number % 11 == 0:
                cell.show(text="a" * 200)
        cell.print("the result")
        return cell.outputs

    at_the_end = run()
    monkeypatch.setattr(cell_outputs, "LEAST", 0)
    now_and_then = run()
    assert at_the_end[:5] == now_and_then[:5] and at_the_end[-5:] == now_and_then[-5:]
    assert sum("not kept" in str(each) for each in now_and_then) <= 4


def test_what_is_held_and_the_time_it_takes_are_bounded(monkeypatch):
    monkeypatch.setattr(cell_outputs, "LEAST", 100_000)
    cell = Cell(text=100_000, pictures=100_000)
    most, began = 0, time.process_time()
    for number in range(3_000):
        cell.print(f"{number} " + "x\b\r" * 100)
        cell.show(600, display_id=f"picture {number}")
        most = max(most, cell.kept.text + cell.kept.pictures) if number % 100 == 0 else most
    assert most < 500_000
    assert len(cell.kept._shown) < 1_000
    assert time.process_time() - began < 20  # about 1


@pytest.mark.parametrize(
    "content",
    [{}, {"text": 5}, {"data": [1]}, {"traceback": 7}, {"data": {"text/plain": {"a": 1}}}],
)
@pytest.mark.parametrize("kind", ["stream", "error", "display_data", "execute_result"])
def test_any_message_leaves_a_sound_notebook(kind, content):
    cell = Cell()
    cell.send(kind, **content)
    assert len(cell.outputs) <= 1


PICTURES_THEN_WORK = """
import time
from IPython.display import Image, clear_output, display

png = b"\\x89PNG\\r\\n\\x1a\\n" + bytes(300_000)
for step in range(30):  # a live plot
    display(Image(png))
    clear_output(wait=True)
for step in range(40):  # an animation
    display(Image(png))
for epoch in range(4):
    time.sleep(0.6)
    print("epoch", epoch, flush=True)
result = 0.981
print("result", result)
"""
ENDLESS = "import time\nwhile True:\n    print('x' * 10_000, flush=True)\n    time.sleep(0.002)"
SMALL = {"max_output": 10_000, "max_pictures": 10_000}


@pytest.mark.parametrize(
    ("code", "settings", "error"),
    [
        (PICTURES_THEN_WORK, {"max_pictures": 1_000_000}, None),
        (ENDLESS, SMALL, "KeyboardInterrupt"),
    ],
)
def test_only_what_sends_without_end_is_interrupted(code, settings, error, tmp_path):
    cells = [new_code_cell(code), new_code_cell("print('the next cell')")]
    run = SandboxedExecute(timeout=60, **settings)
    notebook, _ = run.preprocess(new_notebook(cells=cells), {"metadata": {"path": str(tmp_path)}})
    first, second = ([short(output) for output in cell.outputs] for cell in notebook.cells)
    assert second == ["the next cell\n"]
    if error:
        assert first[-1] == error and any("more characters are not kept" in each for each in first)
    else:
        assert "... 38 more pictures are not kept\n" in first
        assert first[-1].endswith("epoch 3\nresult 0.981\n")


def test_no_word_is_lost_when_we_read_slowly(monkeypatch, tmp_path):
    """Whatever waits, waits in the kernel; at its end are the result and that the cell is done."""
    take = NotebookOutputs.take
    monkeypatch.setattr(NotebookOutputs, "take", lambda *given: time.sleep(0.002) or take(*given))
    code = "for number in range(2_500): print(number, flush=True)"
    cells = [new_code_cell(code), new_code_cell("print('the next cell')")]
    notebook, _ = SandboxedExecute(timeout=60).preprocess(
        new_notebook(cells=cells), {"metadata": {"path": str(tmp_path)}}
    )
    first, second = ([short(output) for output in cell.outputs] for cell in notebook.cells)
    assert first[0].startswith("0\n1\n") and first[-1].endswith("2498\n2499\n")
    assert second == ["the next cell\n"]
