"""One way to put something interactive on a page: the quiz and every figure use it.

Python makes two things: the state that a JavaScript module draws, and a complete piece of HTML
that tells the same story with no JavaScript at all. Both travel in one cell output:

- as an anywidget, which JupyterLab and Notebook show while a kernel runs;
- as `text/html`, which the static site, a notebook viewer and a printer show. On the site,
  `book/site/host.mjs` finds the element, takes the same module and lets it take over.

The module is `figures/NAME.mjs`, an ES module whose default export has `render({model, el})`.
It reads `model.get("state")` and `model.get("html")`.
"""

import base64
import html
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import anywidget
import traitlets

from lrlab.roots import HERE, SHIPPED

_RELATIVE_IMPORT = re.compile(r'(?<=from ")\./([\w-]+\.mjs)(?=")')


def find_asset(folder: str, name: str) -> Path:
    """Return the path of ``FOLDER/NAME`` in the book: the one here, else the one that came with lrlab.

    Raises FileNotFoundError, naming what there is, when neither has the file.
    """
    places = [root / folder for root in (*HERE, SHIPPED)]
    for place in places:
        if (place / name).is_file():
            return place / name
    known = {path.name for place in places for path in place.glob(f"*{Path(name).suffix}")}
    raise FileNotFoundError(f"No file {name!r} in {folder}/: there are {', '.join(sorted(known))}.")


def bundle(module: str, folder: str = "figures") -> str:
    """Return the source of `FOLDER/MODULE.mjs` with its relative imports made self-contained.

    The site's script holds them all. An anywidget has no address to
    resolve it against, so the imported file goes in as a `data:` address of the same text.
    Raises FileNotFoundError when the module, or a file that it imports, does not exist.
    """

    def inline(match: re.Match) -> str:
        source = bundle(match[1].removesuffix(".mjs"), folder)
        return "data:text/javascript;base64," + base64.b64encode(source.encode()).decode()

    source = find_asset(folder, f"{module}.mjs").read_text(encoding="utf-8")
    return _RELATIVE_IMPORT.sub(inline, source)


class Interactive(anywidget.AnyWidget):
    """A widget that draws `state` with `figures/MODULE.mjs` and reads well as plain HTML.

    `module` is the file's name without `.mjs`; `state` is what it draws (plain JSON data);
    `fallback` is HTML that is shown until, and wherever, the module does not run. `answers` are
    what the module may ask for while it runs, by `model.send({ask: NAME})`: functions that return
    plain data, which goes back as `{NAME: data}` and is kept nowhere. Raises FileNotFoundError for
    an unknown module and ValueError for a state that JSON cannot hold.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    html = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        module: str,
        state: dict,
        fallback: str,
        answers: Mapping[str, Callable[[], dict]] | None = None,
    ):
        self.static_html = _static_html(module, state, fallback)
        super().__init__(
            _esm=bundle(module),
            _css=find_asset("figures", "lrlab.css").read_text(encoding="utf-8"),
            state=state,
            html=fallback,
        )
        self._answers = answers or {}
        self.on_msg(self._answer)

    def _answer(self, widget: anywidget.AnyWidget, content: dict, buffers: list) -> None:
        asked = content["ask"]
        self.send({asked: self._answers[asked]()})

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"text/html": self.static_html}, metadata


def _static_html(module: str, state: dict, fallback: str) -> str:
    """Return the host element that `book/site/host.mjs` looks for."""
    try:
        data = json.dumps(state, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"The state of {module!r} is not plain JSON ({error}): "
            "use numbers, text, lists and dicts, and null for a missing value."
        ) from error
    data = data.replace("<", "\\u003c")  # `</script>` inside a text must not end the element
    return (
        f'<div class="lrlab" data-module="{html.escape(module)}">'
        f'<script type="application/json">{data}</script>'
        f'<div class="lrlab-fallback">{fallback}</div></div>'
    )
