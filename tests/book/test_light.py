"""Pages that are light: pictures come as files when they are needed, and nothing moves when they do."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SHIFT = 0.02  # layout shift of a page, of which 0.1 counts as good
# Adds up what moved without the reader's doing, as browsers report it.
WATCH = """
window.shift = 0;
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  if (!entry.hadRecentInput) window.shift += entry.value;
})).observe({ type: "layout-shift", buffered: true });
"""
SCROLL = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += 400) {
    window.scrollTo({ top: y, behavior: "instant" });
    await new Promise((done) => setTimeout(done, 20));
  }
}"""


def pictures(page: Path) -> Iterator[dict[str, str | None]]:
    """Yield the attributes of the drawings of a page, and "figure" where a figure takes the place."""
    drawn = r'(<div class="lrlab-fallback">)?<img (class="lrlab-picture"[^>]*)>'
    for figure, attributes in re.findall(drawn, page.read_text(encoding="utf-8")):
        yield dict(re.findall(r'([\w-]+)="([^"]*)"', attributes)) | {"figure": figure}


@pytest.fixture(scope="module")
def chapters(site):
    return sorted(site.glob("[0-9]*.html"))


def test_a_picture_is_a_file_of_known_size_that_waits_unless_it_is_the_first(site, chapters):
    shown = set()
    for page in chapters:
        drawn = list(pictures(page))
        assert [each.get("loading") for each in drawn] == [None] + ["lazy"] * (len(drawn) - 1), page
        for each in drawn:
            wide, high = re.search(
                r'viewBox="0 0 (\S+) (\S+)"', (site / each["src"]).read_text()
            ).groups()
            ratio = float(high) / float(wide) * int(each["width"])
            assert abs(int(each["height"]) - ratio) <= 0.51, each["src"]
            shown.add(site / each["src"])
    assert shown == set((site / "_images").glob("*.svg")), "no picture of an earlier build is left"


@pytest.mark.parametrize("name", ["02_too_low_too_high", "08_schedules"])
def test_a_figure_that_runs_never_asks_for_its_picture_and_nothing_moves(open_page, site, name):
    asked = []
    page = open_page("intro.html", width=390)
    page.add_init_script(WATCH)
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[1]))
    page.goto(page.url.replace("intro", name))
    page.evaluate(SCROLL)
    page.wait_for_load_state("networkidle")
    for each in pictures(site / f"{name}.html"):
        assert (each["src"].rsplit("/", 1)[1] in asked) != bool(each["figure"]), each
    assert page.evaluate("window.shift") < SHIFT
