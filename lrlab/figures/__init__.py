"""Figures that the reader moves: ``show`` draws recorded runs, ``live`` calls Python.

``show`` needs no kernel once the page is built: the recorded numbers travel with it. Each of its
figures is a module here, named like the ``book/figures/NAME.mjs`` that draws it in a browser. It has
``CODE``, what ``source`` shows below it, and three functions of the same records:

``state``    what the browser draws, as plain data
``picture``  the same as a matplotlib figure, for a page without JavaScript and for print
``alt``      what the picture shows, in words

One that asks the kernel for more, when a reader wants it, has ``answers``, as `Interactive` takes them.

``live`` is for chapters where a kernel answers; on the static site it leaves a picture of its first
state.
"""

import importlib
from collections.abc import Callable

import ipywidgets
from IPython.display import display
from matplotlib.figure import Figure

from lrlab import runs
from lrlab.figures import source
from lrlab.interactive import Interactive, find_asset
from lrlab.picture import as_html
from lrlab.runs.record import Record


def show(name: str, *records: str | Record, **settings) -> None:
    """Display the interactive figure ``name``; takes and raises what `make` does."""
    display(make(name, *records, **settings))


def make(name: str, *records: str | Record, **settings) -> Interactive:
    """Return the interactive figure ``name`` with one recorded run, or with the several it takes.

    records: loaded ones, or their names. settings: what the figure's ``state`` takes beside them.
    Raises FileNotFoundError for an unknown figure and RunError for an unknown run.
    """
    find_asset("figures", f"{name}.mjs")  # it names the known ones where there is no such figure
    figure = importlib.import_module(f"lrlab.figures.{name}")
    loaded = [runs.load(record) if isinstance(record, str) else record for record in records]
    picture = as_html(figure.picture(*loaded), figure.alt(*loaded))
    code = source.as_html(figure.CODE, [record.document["name"] for record in loaded])
    answers = figure.answers() if hasattr(figure, "answers") else None
    return Interactive(name, figure.state(*loaded, **settings), picture + code, answers)


def live(draw: Callable[..., Figure], *, alt: str, **controls) -> None:
    """Display controls that call `draw(**values)`, which returns a matplotlib figure.

    A control is an ipywidgets widget, or what `ipywidgets.interact` takes: `(low, high, step)`
    for a slider, a list for a menu, True or False for a box. `alt` says in words what the figure
    shows. Raises TypeError when `draw` does not return a figure, ValueError when there is no
    control, one is not understood, or `alt` is empty.
    """
    if not controls:
        raise ValueError("figures.live needs at least one control, such as learning_rate=(0, 1).")
    widgets = {name: _control(name, value) for name, value in controls.items()}
    display(_Live(draw, alt, widgets))


class _Live(ipywidgets.VBox):
    """The controls below the picture that they change; a plain picture on the static site."""

    def __init__(self, draw: Callable[..., Figure], alt: str, controls: dict):
        self._draw, self._alt, self._controls = draw, alt, controls
        self._picture = ipywidgets.HTML(self._render())
        super().__init__([self._picture, *controls.values()])
        self.static_html = f'<div class="lrlab">{self._picture.value}</div>'
        for control in controls.values():
            control.observe(self._update, names="value")

    def _render(self) -> str:
        values = {name: control.value for name, control in self._controls.items()}
        return as_html(self._draw(**values), self._alt)

    def _update(self, change: dict) -> None:
        self._picture.value = self._render()

    def _repr_mimebundle_(self, **kwargs):
        return super()._repr_mimebundle_(**kwargs) | {"text/html": self.static_html}


def _control(name: str, value) -> ipywidgets.Widget:
    """Return the widget for one control, labelled with its name in words."""
    widget = value if isinstance(value, ipywidgets.Widget) else None
    if widget is None:
        widget = ipywidgets.interactive.widget_from_abbrev(value)
    if widget is None or not hasattr(widget, "value"):
        raise ValueError(
            f"The control {name}={value!r} is not understood: "
            "give a widget, (low, high, step), a list, True or False."
        )
    widget.description = widget.description or name.replace("_", " ")
    widget.style = {"description_width": "initial"}
    return widget
