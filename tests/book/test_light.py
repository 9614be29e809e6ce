"""Pages that are light: what no page uses is not there, and pictures come when they are needed."""

import re
from collections.abc import Iterator
from pathlib import Path

import icons
import pytest
from playwright.sync_api import expect
from sphinx.errors import ExtensionError

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
    drawn = r'(<div class="lrlab-fallback"[^>]*>)?<img (class="lrlab-picture"[^>]*)>'
    for figure, attributes in re.findall(drawn, page.read_text(encoding="utf-8")):
        yield dict(re.findall(r'([\w-]+)="([^"]*)"', attributes)) | {"figure": figure}


def test_a_picture_is_a_file_of_known_size_that_waits_unless_it_is_seen_first(site):
    shown = set()
    for page in site.glob("*.html"):
        for number, each in enumerate(pictures(page)):
            seen_first = number == 0 and not each["figure"]
            assert each.get("loading") == (None if seen_first else "lazy"), (page, each)
            drawing = (site / each["src"]).read_text(encoding="utf-8")
            wide, high = re.search(r'viewBox="0 0 (\S+) (\S+)"', drawing).groups()
            ratio = float(high) / float(wide) * int(each["width"])
            assert abs(int(each["height"]) - ratio) <= 0.51, each["src"]
            shown.add(site / each["src"])
    assert len(shown) > 20
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


def test_an_icon_is_drawn_where_it_stands_and_keeps_what_shows_and_hides_it():
    page = '<head>\n</head><i class="theme-switch fa-solid fa-sun fa-lg" data-mode="light"></i>'
    drawn = icons.draw(page + '<span class="pre"></span>')
    assert drawn.count("<svg ") == 1 and drawn.count("Font Awesome Free") == 1
    assert (
        '<svg class="svg-inline--fa theme-switch fa-sun fa-lg" data-mode="light" aria-hidden'
        in drawn
    )
    assert icons.draw(page[:14]) == page[:14], "nobody is named where nothing is drawn"
    with pytest.raises(ExtensionError, match="no icon 'sum'"):
        icons.draw(page.replace("sun", "sum"))


def test_a_page_asks_for_one_sheet_and_two_scripts(site):
    pages = [page for page in site.glob("*.html") if page.name != "index.html"]
    assert len(pages) > 10
    for page in pages:
        text = page.read_text(encoding="utf-8")
        sheets = re.findall(
            r'<link [^>]*href="([^"?]*)[^>]*stylesheet|<link rel="stylesheet"[^>]*href="([^"?]*)',
            text,
        )
        assert sheets == [("", "_static/page.css")], page
        assert re.findall(r'<script[^>]* src="([^"?]*)', text) == [
            "_static/theme.js",
            "_static/lrlab.js",
        ]
        assert not re.search(r'class="[^"]*\bfa-solid', text), page
    assert not list(site.rglob("fontawesome*")) and not list(site.rglob("*.map"))


def test_the_colours_are_there_before_any_script_and_the_button_changes_them(open_page):
    page = open_page("intro.html", color_scheme="dark")
    page.route("**/*.js*", lambda route: route.fulfill(body=""))
    page.reload()
    brightness = (
        "() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]"
    )
    assert page.evaluate(brightness) < 60
    page.unroute("**/*.js*")
    page.reload()
    button = page.locator(".theme-switch-button:visible")
    seen = []
    for _ in range(3):
        shown = button.locator("svg:visible")
        assert shown.count() == 1
        seen.append((shown.get_attribute("data-mode"), page.evaluate(brightness) < 60))
        button.click()
    assert seen == [("auto", True), ("light", False), ("dark", True)]


def test_a_menu_opens_by_mouse_and_by_keys_and_closes_again(open_page):
    page = open_page("09_plateau.html")
    button = page.get_by_role("button", name="Download this page")
    menu = page.locator(".dropdown-download-buttons .dropdown-menu")
    items = menu.locator("a, button")
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    for item in items.all():
        item.click(trial=True)  # in view, and nothing is above it
    page.locator(".bd-article h1").click()
    assert not menu.is_visible()
    button.press("ArrowUp")
    expect(items.last).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(items.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    assert not menu.is_visible() and button.get_attribute("aria-expanded") == "false"
    button.press("Enter")
    page.keyboard.press("Shift+Tab")
    assert not menu.is_visible()


def test_what_scripts_show_has_kept_its_look(open_page):
    page = open_page("09_plateau.html")
    style = "(element, name) => getComputedStyle(element)[name]"
    assert page.locator(".theme-switch-button:visible").get_attribute("title")
    page.keyboard.press("Control+k")
    assert page.locator("#pst-search-dialog").evaluate(style, "borderRadius") != "0px"
    page.keyboard.press("Escape")
    code = page.locator("div.highlight:visible").first
    code.hover()
    assert code.locator(".copybtn").evaluate(style, "position") == "absolute"
