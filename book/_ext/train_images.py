"""The digits on which a page trains, as one script that is loaded only when a reader asks for it.

`_static/train_images.js` calls `lrlabImages` with what `lrlab.digits` packs. A script, because a page
opened from a folder may load nothing else; `training/images.mjs` unpacks it.
"""

import json
from pathlib import Path

from sphinx.application import Sphinx

from lrlab import digits


def script() -> str:
    """Return the script."""
    return f"globalThis.lrlabImages({json.dumps(digits.pack())});\n"


def write_script(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        path = Path(app.outdir, "_static", "train_images.js")
        path.write_text(script(), encoding="ascii")


def setup(app: Sphinx) -> None:
    """Register the script."""
    app.connect("build-finished", write_script)
