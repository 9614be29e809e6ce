"""What a browser asks for when it opens a page is within book/budget.yml, and is what a build counts."""

from types import SimpleNamespace

import pytest
import weights
from sphinx.errors import ExtensionError

ASKED = "() => performance.getEntriesByType('resource').map((entry) => entry.name)"


@pytest.fixture(scope="module")
def pages(site):
    """Return all pages, the start page first."""
    pages = {*site.glob("*.html")} - {site / "index.html"}
    return sorted(pages, key=lambda page: (page.name != weights.START, page.name))


def test_each_page_is_within_the_budget_as_the_first_and_as_the_next(open_page, site, pages):
    browser = open_page(weights.START)
    root = browser.url.removesuffix(weights.START)
    known, faults = set(), []
    for page in pages:
        browser.goto(root + page.name)
        urls = [url.split("?")[0] for url in browser.evaluate(ASKED) if url.startswith(root)]
        asked = {
            page,
            site / "_static/favicon.svg",
            *(site / url.removeprefix(root) for url in urls),
        }
        known = known or asked
        faults += weights.weigh(asked).over("first")
        faults += weights.weigh(asked - known).over("next")
        counted = weights.loads(page)
        assert counted["first"] <= asked <= counted["whole"], (page, asked ^ counted["first"])
    assert not faults, faults


def test_what_is_heavier_than_allowed_stops_the_build(site, monkeypatch):
    app = SimpleNamespace(outdir=site, builder=SimpleNamespace(format="html"))
    weights.report(app, None)
    monkeypatch.setitem(weights.LIMITS, "next", {"compressed": 20})
    monkeypatch.setitem(weights.LIMITS, "train_images.js", {"compressed": 200})
    with pytest.raises(ExtensionError, match="train_images.js: ... KB compressed, and 200") as told:
        weights.report(app, None)
    assert "02_too_low_too_high.html, next: " in str(told.value)
    assert "intro.html" not in str(told.value), "it is the page that was read before"
