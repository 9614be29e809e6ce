"""The pictures: what they say in words, their colours, and that the cover is up to date."""

import re
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib import pyplot

from lrlab import picture, plots, runs
from lrlab.runs.record import Record

ROOT = Path(__file__).resolve().parents[2]
matplotlib.use("Agg")


@pytest.fixture(autouse=True)
def in_the_course(monkeypatch):
    monkeypatch.chdir(ROOT)
    InteractiveShell.instance()  # displays, as a notebook does
    yield
    pyplot.close("all")


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def shown(figure, alt):
    with capture_output() as captured:
        plots.show(figure, alt)
    (output,) = captured.outputs
    return output.data


def many_points(style="-"):
    figure, axes = pyplot.subplots(figsize=(3, 2))
    noise = np.random.default_rng(0).normal(size=20_000)
    axes.plot(np.exp(-np.arange(20_000) / 4000) + 0.001 * noise, style)
    return figure


def cloud():
    figure, axes = pyplot.subplots(figsize=(3, 2))
    axes.scatter(*np.random.default_rng(0).normal(size=(2, 20_000)), s=1)
    return figure


def test_a_figure_is_shown_once_as_a_drawing_with_its_words():
    figure = plots.loss_curves(runs.load("mnist_sgd_u"), [0.22])
    data = shown(figure, 'Loss falls at a rate of 0.22, "lr"')
    assert not pyplot.fignum_exists(figure.number)
    assert data["text/plain"] == 'Loss falls at a rate of 0.22, "lr"'
    assert data["text/html"].startswith('<img class="lrlab-picture" width="640"')
    assert 'alt="Loss falls at a rate of 0.22, &quot;lr&quot;"' in data["text/html"]
    drawing = re.search(r'src="data:image/svg\+xml,([^"<>]+)"', data["text/html"])[1]
    assert ElementTree.fromstring(unquote(drawing)).tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("draw", [many_points, lambda: many_points("."), cloud])
def test_the_same_figure_gives_the_same_bytes_and_many_points_a_small_page(draw):
    one, other = (picture.as_html(draw(), "Very many points.") for _ in range(2))
    assert one == other
    assert 'width="320"' in one and len(one) < 150_000


@pytest.mark.parametrize(
    ("figure", "alt", "fault"),
    [("a.png", "A line.", TypeError), (many_points, " ", ValueError)],
)
def test_what_is_no_figure_or_has_no_words_is_refused(figure, alt, fault):
    with pytest.raises(fault):
        plots.show(figure() if callable(figure) else figure, alt)


def test_u_curve_names_and_rings_the_best_rates_and_counts_the_diverged():
    recorded = runs.load("mnist_sgd_u")
    figure = plots.u_curve(recorded, "title")
    axes = figure.axes[0]
    assert axes.get_xscale() == axes.get_yscale() == "log"
    assert "log scale" in axes.get_xlabel() and "nats" in axes.get_ylabel()
    assert "best: 0.22, 0.46" in texts(figure)
    (rings,) = [line for line in axes.lines if line.get_markerfacecolor() == "none"]
    assert rings.get_xdata().tolist() == recorded.best_rates
    lost = [result["diverged"] for result in recorded.results if result["diverged"]]
    assert [text for text in texts(figure) if "/5" in text] == [f"{count}/5" for count in lost]


def test_ticks_of_a_log_axis_are_written_out():
    plots.use_style()
    figure, axes = pyplot.subplots()
    axes.loglog([0.0003, 300], [2, 3])
    figure.draw_without_rendering()
    marks = [mark.get_text() for mark in (*axes.get_xticklabels(), *axes.get_yticklabels("both"))]
    plain = {re.sub(r"\$\\mathdefault\{(.*)\}\$", r"\1", mark) for mark in marks} - {""}
    assert {"0.001", "100", "2", "3"} <= plain and all(re.fullmatch(r"[\d.]+", t) for t in plain)


def test_loss_curves_label_each_chosen_rate_once_and_none_on_top_of_another():
    figure = plots.loss_curves(runs.load("mnist_sgd_u"), [0.001, 0.22, 2.2])
    assert sorted(texts(figure)) == ["0.001", "0.22", "2.2"]
    heights = sorted(text.xy[1] for text in figure.axes[0].texts)
    assert min(np.diff(heights)) > 0.2


def test_a_curve_that_ends_in_nan_ends_in_a_red_cross():
    document = {
        "learning_rates": [0.1, 1.0],
        "steps": [1, 2, 3],
        "results": [
            {
                "learning_rate": 1.0,
                "train_loss": {key: [2.3, 3.0, None] for key in ("mean", "low", "high")},
            }
        ],
    }
    crosses = [
        line
        for line in plots.loss_curves(Record(document), [1.0]).axes[0].lines
        if line.get_marker() == "X"
    ]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in crosses] == [(2, 3.0)]


def test_a_sweep_in_which_no_rate_works_is_drawn_without_a_best_or_a_good_one():
    lost = {"learning_rate": 10.0, "test_loss": {"mean": 2.3, "values": [2.3]}, "diverged": 1}
    document = {"learning_rates": [10.0], "seeds": [0], "results": [lost]}
    figure = plots.u_curve(Record(document))
    assert texts(figure) == ["1/1"] and not figure.axes[0].patches


def test_colours_run_from_dark_to_bright_and_stay_readable_on_white():
    rates = [10 ** (k / 10 - 4) for k in range(51)]
    colours = np.array([plots.learning_rate_colour(rate, rates)[:3] for rate in rates])
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(luminance) > 0).all()
    assert 1.05 / (luminance[-1] + 0.05) >= 3


def test_the_cover_is_up_to_date(tmp_path):
    plots.save_cover(tmp_path / "cover.png")
    fresh, committed = (
        pyplot.imread(path) for path in (tmp_path / "cover.png", ROOT / "book/_static/cover.png")
    )
    assert fresh.shape == committed.shape
    assert np.abs(fresh - committed).mean() < 0.005, "run make cover and commit what it wrote"
