"""The digits on which a page trains, as one script that is loaded only when a reader asks for it.

`_static/train_images.js` calls `lrlabImages` with the digits of `lrlab.digits`: two pixels a byte, then
the labels, deflated, in base64. A script, because a page opened from a folder may load nothing else;
`training/images.mjs` unpacks it.
"""

import base64
import json
import zlib
from pathlib import Path

import numpy as np
from sphinx.application import Sphinx

from lrlab import digits


def script() -> str:
    """Return the script."""
    parts = digits.make_digits()
    images = np.concatenate([images for images, _ in parts])
    labels = np.concatenate([labels for _, labels in parts])
    pairs = images.reshape(-1, 2)
    content = (pairs[:, 0] << 4 | pairs[:, 1]).tobytes() + labels.tobytes()
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    packed = base64.b64encode(deflate.compress(content) + deflate.flush()).decode()
    pack = {
        "train": len(parts[0][1]),
        "test": len(parts[1][1]),
        "pixels": images[0].size,
        "greys": digits.GREYS,
        "packed": packed,
    }
    return f"globalThis.lrlabImages({json.dumps(pack)});\n"


def write_script(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        path = Path(app.outdir, "_static", "train_images.js")
        path.write_text(script(), encoding="ascii")


def setup(app: Sphinx) -> None:
    """Register the script."""
    app.connect("build-finished", write_script)
