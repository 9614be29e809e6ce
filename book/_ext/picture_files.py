"""Pictures as files, of which a page loads those that come near the screen.

In a notebook a picture lies in the output of its cell (`lrlab.picture`). On the site it becomes a file,
named by what is in it: a page without its pictures is there at once, and a picture is loaded once. The
first one of a page, which its reader sees first, does not wait. A figure takes the place of its picture
before anybody comes near.
"""

import hashlib
import re
from pathlib import Path
from urllib.parse import unquote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri

FOLDER = "_images"
INSIDE = re.compile(r'(?<=<img class="lrlab-picture") ([^>]*)src="data:image/svg\+xml,([^"]*)"')

# The numbers of a shape in an SVG, and what no eye sees of them: more than a hundredth of a point.
NUMBERS = re.compile(r'(?<=\s[dxy]=")[^"]+')
UNSEEN = re.compile(r"(?<=\.\d\d)\d+|(?<=[A-Za-z]) | (?=[A-Za-z])")

# A figure's picture, which is not even asked for where the figure starts: a box keeps its place.
FALLBACK = re.compile(
    r'(?<=<div class="lrlab-fallback")(?=><img class="lrlab-picture" width="(\d+)" height="(\d+)")'
)
BOX = r' style="max-width: \1px; aspect-ratio: \1 / \2"'


class PicturesAsFiles(SphinxPostTransform):
    """Take the pictures out of a page; comes when outputs are chosen, and their words were read."""

    default_priority = 210
    formats = ("html",)

    def run(self, **options) -> None:
        self.waits = False
        for node in list(self.document.findall(nodes.raw)):
            if INSIDE.search(text := node.astext()):
                self.waits |= "lrlab-fallback" in text
                node[:] = [nodes.Text(INSIDE.sub(self.put, FALLBACK.sub(BOX, text)))]
                self.waits = True

    def put(self, picture: re.Match) -> str:
        """Write one picture, and return the rest of its element."""
        thinned = NUMBERS.sub(lambda shape: UNSEEN.sub("", shape[0]), unquote(picture[2]))
        drawing = thinned.encode()
        name = f"{FOLDER}/{hashlib.sha256(drawing).hexdigest()[:16]}.svg"
        path = Path(self.app.outdir, name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(drawing)
        here = relative_uri(self.app.builder.get_target_uri(self.env.docname), name)
        waits = 'loading="lazy" ' if self.waits else ""
        return f' {picture[1]}{waits}src="{here}"'


def drop_strangers(app: Sphinx, error: Exception | None) -> None:
    """Delete the pictures of earlier builds, which no page shows."""
    if error is None and app.builder.format == "html":
        pages = "".join(page.read_text("utf-8") for page in Path(app.outdir).rglob("*.html"))
        for path in Path(app.outdir, FOLDER).glob("*.svg"):
            if path.name not in pages:
                path.unlink()


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(PicturesAsFiles)
    app.connect("build-finished", drop_strangers)
