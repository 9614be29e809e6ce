"""What holds for each page of the built site: its width, its words for a screen reader, its links.

A page is listed in the book's contents, or here; a page that is not listed fails the first test. All
are opened from the folder, as a double-click does; `test_budget` loads each of them from a server.
"""

import html
import re
from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe

ROOT = Path(__file__).parents[2]
CONTENTS = yaml.safe_load((ROOT / "book/_toc.yml").read_text("utf-8"))
PAGES = [
    *(f"{name}.html" for name in (CONTENTS["root"], *(c["file"] for c in CONTENTS["chapters"]))),
    "genindex.html",
    "search.html",
]
SHOW_ALL = re.compile("^Show all")
# A chapter's code is thousands of words in a dozen colours: one word of each is left its colour.
ONE_WORD_OF_EACH_COLOUR = """() => {
  const seen = new Set();
  for (const word of document.querySelectorAll(".highlight pre span[class]")) {
    if (seen.has(word.className)) word.replaceWith(...word.childNodes);
    seen.add(word.className);
  }
}"""
WIDTHS = (1280, 390, 320)  # CSS pixels: a desk, a phone, a small phone or a page at 400 %


@pytest.fixture(scope="module", params=PAGES)
def name(request) -> str:
    """The name of a page."""
    return request.param


@pytest.fixture(scope="module")
def _page(visitor, site, name):
    # Without motion colours change at once, else axe could see one on its way to the next.
    page = visitor.open(name, folder=site, color_scheme="light", reduced_motion="reduce")
    yield page
    page.context.close()


@pytest.fixture
def page(_page, watched):
    """A page that its tests share: at first as it is opened, then used."""
    return _page


def faults(page) -> list[str]:
    """Return a sentence for everything that axe finds, its rules of good practice among them."""
    # No preload: axe would fetch the theme's @import from the wrong folder. It describes faults
    # only, which takes it half the time of describing all that is right, too.
    options = {"preload": False, "resultTypes": ["violations"]}
    return [
        f"{fault['id']}: {fault['help']}: {fault['nodes'][0]['html'][:200]}"
        for fault in Axe().run(page, options=options).response["violations"]
    ]


def use(page) -> None:
    """Do what changes a page: reveal all that figures hold, answer, open what can be opened."""
    for button in page.get_by_role("button", name=SHOW_ALL, disabled=False).all():
        button.click()
    for question in page.locator(".quiz-question:visible").all()[:2]:
        question.get_by_role("radio").first.check()
        question.get_by_role("button", name="Check answer").click()
    page.evaluate(
        "document.querySelectorAll('main details').forEach(part => { part.open = true; })"
    )


def test_every_page_of_the_site_is_looked_at(site):
    built = {path.relative_to(site).as_posix() for path in site.glob("*.html")}
    assert built - {"index.html"} == {*PAGES}  # which only leads to the first


def test_a_page_opened_from_a_folder_is_alive(page):
    assert page.locator(".lrlab[data-module] .lrlab-fallback").count() == 0
    assert page.locator("html[data-theme]").count() == 1  # the first script ran


def test_a_page_as_it_opens_is_accessible_on_a_light_desk(page):
    assert page.locator("html[data-theme=light]").count() == 1
    assert faults(page) == []


def test_a_page_in_use_is_accessible_on_a_dark_phone(page):
    use(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    page.locator("html[data-theme=dark]").wait_for()
    page.wait_for_timeout(500)  # the theme waits a moment before it looks at what scrolls now
    page.evaluate(ONE_WORD_OF_EACH_COLOUR)
    assert faults(page) == []


def test_a_page_never_scrolls_sideways(page):
    use(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_no_page_names_another_host_as_a_resource(site):
    resource = re.compile(
        r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["'](?:https?:)?//|"""
        r"""<link\b(?=[^>]*stylesheet|[^>]*preload|[^>]*icon)[^>]*href=["'](?:https?:)?//"""
    )
    named = [p.name for p in site.rglob("*.html") if resource.search(p.read_text("utf-8"))]
    assert not named
    styles = [p.name for p in site.rglob("*.css") if re.search(r"url\(.?https?:", p.read_text())]
    assert not styles


def test_no_link_within_the_site_leads_nowhere(site):
    pages = {path.name: path.read_text("utf-8") for path in site.glob("*.html")}
    ids = {name: set(re.findall(r'\bid="([^"]+)"', text)) | {""} for name, text in pages.items()}
    links = {
        (name, html.unescape(link))
        for name, text in pages.items()
        for link in re.findall(r'<a\b[^>]*\bhref="((?!https?:|mailto:)[^"]+)"', text)
    }
    assert len(links) > 100
    dead = []
    for name, link in links:
        path, _, fragment = link.partition("#")
        there = (site / (path or name)).is_file()
        if not there or fragment not in ids.get(path or name, {fragment}):
            dead.append(f"{name}: {link}")
    assert dead == []
