"""Figures: one cell output for a kernel and for a static page, and clear errors."""

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
from lrlab.interactive import Interactive, bundle

ROOT = Path(__file__).parents[3]
WIDGET = "application/vnd.jupyter.widget-view+json"
MODULES = sorted(path.stem for path in (ROOT / "book/figures").glob("*.mjs"))
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


def show(**changes) -> dict:
    given = {"run": RUN, "fallback": picture(), "alt": "A U."} | changes
    return shown(figures.show, "u_curve", **given)


def test_one_output_serves_a_kernel_and_a_static_page():
    data = show(alt='Loss "against" rate')
    assert WIDGET in data
    html = data["text/html"]
    state = re.search(r'<script type="application/json">(.*?)</script>', html)[1]
    record = runs.load(RUN)
    derived = {"best": record.best, "good": list(record.good)}
    assert json.loads(state) == record.document | derived
    assert 'alt="Loss &quot;against&quot; rate"' in html
    assert 'src="data:image/png;base64,' in html and "http" not in html.replace(state, "")


def test_the_same_figure_gives_the_same_page():
    assert show()["text/html"] == show()["text/html"]


def test_a_pyplot_figure_is_shown_once():
    figure, _ = pyplot.subplots()
    show(fallback=figure)
    assert not pyplot.fignum_exists(figure.number)


@pytest.mark.parametrize("module", MODULES)
def test_an_anywidget_gets_one_self_contained_module(module):
    source = bundle(module)
    assert not re.search(r'from "\.', source)
    assert 'from "http' not in source and 'from "/' not in source


@pytest.mark.parametrize("module", sorted({"quiz", "u_curve", "first_step"}))
def test_each_widget_module_exports_render(module):
    assert "export default { render };" in bundle(module)


def test_text_cannot_end_the_data_element():
    html = Interactive("quiz", {"name": "</script><script>alert(1)"}, "").static_html
    assert html.count("<script") == 1 == html.count("</script>")


def test_an_unknown_figure_names_the_known_ones():
    with pytest.raises(FileNotFoundError, match=r"'v_curve\.mjs'.*u_curve\.mjs"):
        figures.show("v_curve", run=RUN, fallback=picture(), alt="A V.")


def test_an_unknown_run_is_refused():
    with pytest.raises(runs.RunError, match="nothing_recorded"):
        show(run="nothing_recorded")


def test_a_fallback_that_is_no_figure_is_refused():
    with pytest.raises(TypeError, match="Expected a matplotlib Figure, got str"):
        show(fallback="u.png")


def test_an_empty_alternative_text_is_refused():
    with pytest.raises(ValueError, match="alt is empty"):
        show(alt=" ")


def test_a_state_that_is_not_json_is_refused():
    with pytest.raises(ValueError, match="null for a missing value"):
        Interactive("quiz", {"loss": float("nan")}, "")


def test_outside_the_book_the_error_says_where_to_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match="run from the repository root or book/"):
        bundle("quiz")


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
