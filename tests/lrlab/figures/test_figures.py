"""Figures: one cell output for a kernel and for a static page, one module a figure, clear errors."""

import importlib
import json
import re
from pathlib import Path

import ipywidgets
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib import pyplot
from matplotlib.figure import Figure

from lrlab import figures, runs
from lrlab.figures import u_curve
from lrlab.interactive import Interactive, bundle

ROOT = Path(__file__).parents[3]
WIDGET = "application/vnd.jupyter.widget-view+json"
SOURCES = {path.stem: path.read_text("utf-8") for path in (ROOT / "book/figures").glob("*.mjs")}
MODULES = sorted(SOURCES)
WIDGETS = [name for name in MODULES if "export default { render };" in SOURCES[name]]
FIGURES = [name for name in WIDGETS if name != "quiz"]  # which has no picture: its HTML says it all
CHAPTERS = sorted((ROOT / "book").glob("[0-9]*.ipynb"))
RUN = "mnist_sgd_u"


@pytest.fixture(autouse=True)
def in_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)
    InteractiveShell.instance()


def picture(slope: float = 1.0) -> Figure:
    figure = Figure(figsize=(2, 1))
    figure.subplots().plot([0, slope])
    return figure


def shown(call, *args, **kwargs) -> dict:
    with capture_output() as captured:
        call(*args, **kwargs)
    (output,) = captured.outputs
    return output.data


def test_one_output_serves_a_kernel_and_a_static_page(monkeypatch):
    monkeypatch.setattr(u_curve, "alt", lambda record: 'Loss "against" rate')
    data = shown(figures.show, "u_curve", RUN)
    assert WIDGET in data
    html = data["text/html"]
    state = re.search(r'<script type="application/json">(.*?)</script>', html)[1]
    record = runs.load(RUN)
    derived = {"best": record.best, "best_rates": record.best_rates, "good": list(record.good)}
    assert json.loads(state) == record.document | derived
    assert 'alt="Loss &quot;against&quot; rate"' in html
    assert 'src="data:image/svg+xml,' in html
    names = {"http://www.w3.org/1999/xlink", "http://www.w3.org/2000/svg"}  # of two languages
    assert {*re.findall(r"http[^ %]+", html.replace(state, ""))} == names


def test_the_same_figure_gives_the_same_page_from_a_name_and_from_a_record():
    named, loaded = (shown(figures.show, "u_curve", run) for run in (RUN, runs.load(RUN)))
    assert named["text/html"] == loaded["text/html"]


def test_a_pyplot_figure_is_shown_once(monkeypatch):
    figure, _ = pyplot.subplots()
    monkeypatch.setattr(u_curve, "picture", lambda record: figure)
    shown(figures.show, "u_curve", RUN)
    assert not pyplot.fignum_exists(figure.number)


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_has_its_data_its_picture_and_its_words_in_one_module(name):
    module = importlib.import_module(f"lrlab.figures.{name}")
    for function in ("state", "picture", "alt"):
        assert getattr(module, function).__doc__


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_shows_a_figure_in_one_short_cell(chapter):
    cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    showing = [text for text in code if "figures.show(" in text]
    assert showing and all(len(text.splitlines()) <= 3 for text in showing)
    assert all(re.search(r'figures\.show\("(\w+)"', text)[1] in FIGURES for text in showing)


@pytest.mark.parametrize("module", MODULES)
def test_an_anywidget_gets_one_self_contained_module(module):
    source = bundle(module)
    assert not re.search(r'from "\.', source)
    assert 'from "http' not in source and 'from "/' not in source


def test_quiz_and_figures_export_render_as_a_widget_must():
    used = {
        name
        for chapter in CHAPTERS
        for name in re.findall(r'figures\.show\(\\"(\w+)', chapter.read_text("utf-8"))
    }
    assert {*used, "quiz"} == {*WIDGETS}


def test_text_cannot_end_the_data_element():
    html = Interactive("quiz", {"name": "</script><script>alert(1)"}, "").static_html
    assert html.count("<script") == 1 == html.count("</script>")


def test_an_unknown_figure_names_the_known_ones():
    with pytest.raises(FileNotFoundError, match=r"'v_curve\.mjs'.*u_curve\.mjs"):
        figures.show("v_curve", RUN)


def test_an_unknown_run_is_refused():
    with pytest.raises(runs.RunError, match="nothing_recorded"):
        figures.show("u_curve", "nothing_recorded")


def test_a_picture_that_is_no_figure_is_refused(monkeypatch):
    monkeypatch.setattr(u_curve, "picture", lambda record: "u.png")
    with pytest.raises(TypeError, match="Expected a matplotlib Figure, got str"):
        figures.show("u_curve", RUN)


def test_an_empty_alternative_text_is_refused(monkeypatch):
    monkeypatch.setattr(u_curve, "alt", lambda record: " ")
    with pytest.raises(ValueError, match="alt is empty"):
        figures.show("u_curve", RUN)


def test_a_state_that_is_not_json_is_refused():
    with pytest.raises(ValueError, match="null for a missing value"):
        Interactive("quiz", {"loss": float("nan")}, "")


def test_outside_the_book_it_finds_what_came_with_the_package(tmp_path, monkeypatch):
    inside = bundle("quiz")
    monkeypatch.chdir(tmp_path)
    assert bundle("quiz") == inside
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "quiz.mjs").write_text("// a change")
    assert bundle("quiz") == "// a change"


def test_live_calls_python_with_the_values_of_its_controls():
    calls = []

    def draw(**values):
        calls.append(values)
        return picture(values["learning_rate"])

    slider = ipywidgets.FloatLogSlider(value=0.1, min=-4, max=1)
    data = shown(figures.live, draw, alt="A line.", learning_rate=slider, momentum=[0.0, 0.9])
    assert calls == [{"learning_rate": 0.1, "momentum": 0.0}]
    assert slider.description == "learning rate"
    slider.value = 1.0
    assert calls[-1] == {"learning_rate": 1.0, "momentum": 0.0}
    assert WIDGET in data
    assert '<img class="lrlab-picture"' in data["text/html"] and "A line." in data["text/html"]


@pytest.mark.parametrize(
    ("controls", "message"),
    [({}, "at least one control"), ({"rate": object()}, "control rate=.* is not understood")],
)
def test_live_refuses_controls_that_it_cannot_show(controls, message):
    with pytest.raises(ValueError, match=message):
        figures.live(picture, alt="A line.", **controls)


def test_live_refuses_a_drawing_function_without_a_figure():
    with pytest.raises(TypeError, match="got NoneType"):
        figures.live(lambda slope: None, alt="A line.", slope=(0.0, 1.0, 0.1))
