"""How a page is laid out, what it says of itself, and how it is numbered.

That nothing scrolls sideways, and that every link leads somewhere, is held in `test_site`.
"""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import about
import pytest
import yaml
from bs4 import BeautifulSoup
from chapter_head import number_of
from sphinx.errors import ExtensionError
from start_page import Opening

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted(path.stem for path in (ROOT / "book").glob("[0-9]*.ipynb"))
PHONE, DESKTOP = 390, 1280

each_chapter = pytest.mark.parametrize("chapter", CHAPTERS)


@pytest.fixture(scope="module")
def read(site):
    """Return a function that returns a built page as a tree of its elements."""
    pages = {}

    def read_one(name: str) -> BeautifulSoup:
        if name not in pages:
            pages[name] = BeautifulSoup((site / f"{name}.html").read_text("utf-8"), "html.parser")
        return pages[name]

    return read_one


@pytest.fixture(scope="module")
def shown(visitor):
    """Return a function that returns a page in the browser, opened once, as wide as asked for."""
    opened = {}

    def show(name: str, width: int):
        if name not in opened:
            opened[name] = visitor.open(f"{name}.html", width=width)
        opened[name].set_viewport_size({"width": width, "height": 844})
        return opened[name]

    yield show
    for page in opened.values():
        page.context.close()


def words(element) -> str:
    return " ".join(element.get_text().replace("#", "").split())


@each_chapter
def test_a_chapter_has_its_number_wherever_its_title_stands(read, chapter):
    title = Opening.of(ROOT / "book" / f"{chapter}.ipynb").title
    numbered = f"{int(chapter[:2])} {title}"
    page = read(chapter)
    assert words(page.h1) == numbered and page.title.text.startswith(numbered)
    assert words(page.select_one(".bd-links a.current")) == numbered
    before = CHAPTERS[CHAPTERS.index(chapter) - 1] if chapter != CHAPTERS[0] else "intro"
    assert words(read(before).select_one(".right-next .prev-next-title")) == numbered
    assert words(read("intro").select_one(f"li[data-chapter='{chapter}'] a")) == numbered


def test_only_a_chapter_has_a_number():
    assert (number_of("06_adaptive_optimizers"), number_of("12_cifar10_case")) == (6, 12)
    assert number_of("evidence") is number_of("2024") is None


@each_chapter
def test_a_card_of_the_start_page_says_what_the_chapter_says(read, chapter):
    card = read("intro").select_one(f"li[data-chapter='{chapter}']")
    head = words(read(chapter).select_one("article"))
    question, minutes = (words(part) for part in card.select("p"))
    assert question.endswith("?") and question in head
    assert re.fullmatch(r"About \d+ minutes", minutes) and minutes in head


def test_a_chapter_that_does_not_say_its_minutes_stops_the_build(tmp_path):
    notebook = tmp_path / "13_new.ipynb"
    notebook.write_text(json.dumps({"cells": [{"source": "# New\n\n**Why?**\n\nNot long."}]}))
    with pytest.raises(ExtensionError, match=r'13_new.ipynb: .*"About N minutes"'):
        Opening.of(notebook)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_first_chapter_is_one_click_away_and_in_sight(shown, watched, width):
    link = shown("intro", width).locator(f"main a[href='{CHAPTERS[0]}.html']").first
    box = link.bounding_box()
    assert box["y"] + box["height"] < 720


def test_who_comes_back_continues_where_they_were(open_page):
    page = open_page("intro.html")
    assert page.get_by_role("link", name="Continue").count() == 0
    place = {"page": f"{CHAPTERS[1]}.html", "section": "why", "title": "2 The U", "heading": "Why"}
    record = {"course": "lrlab", "version": 1, "place": {"last": place | {"at": 1}}}
    page.evaluate("record => localStorage.setItem('lrlab.progress.1', record)", json.dumps(record))
    page.reload()
    page.get_by_role("link", name="Continue: 2 The U, Why").click()
    page.wait_for_url(f"**/{CHAPTERS[1]}.html#why")


@each_chapter
def test_no_formula_is_cut(shown, watched, chapter):
    for width in (DESKTOP, PHONE):
        cut = (
            shown(chapter, width)
            .locator(".math-block")
            .evaluate_all(
                """blocks => blocks.filter(block => block.scrollHeight > block.clientHeight ||
                 block.scrollWidth > block.clientWidth &&
                   getComputedStyle(block).overflowX !== "auto").map(block => block.textContent)"""
            )
        )
        assert cut == [], f"at {width} pixels"


def test_on_a_phone_a_claim_is_a_card_and_its_verdict_comes_first(shown, watched):
    row = shown("evidence", PHONE).locator(".evidence tbody tr").first
    claim, *others, verdict = [cell.bounding_box() for cell in row.locator("td").all()]
    assert verdict["y"] < claim["y"] < min(other["y"] for other in others)
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= PHONE for box in (claim, verdict))
    assert shown("evidence", DESKTOP).locator("thead").first.is_visible()


def test_on_a_phone_a_table_of_words_is_cards_that_name_their_columns(shown, watched):
    page = shown("12_cifar10_case", PHONE)
    table = page.locator("table.cards").first
    cells = table.locator("tbody tr").first.locator("td")
    tops = [cell.bounding_box()["y"] for cell in cells.all()]
    assert len(tops) >= 3 and tops == sorted(set(tops))
    assert "what to try:" in " ".join(cells.last.inner_text().split())
    page = shown("12_cifar10_case", DESKTOP)
    assert "what to try:" not in page.locator("table.cards tbody").first.inner_text()


@each_chapter
def test_what_stands_in_the_margin_covers_nothing(shown, watched, chapter):
    page = shown(chapter, DESKTOP)
    notes, text, met = page.evaluate(
        """() => {
             const box = (part) => part.getBoundingClientRect();
             const notes = [...document.querySelectorAll(".fold.check, .needs")].map(box);
             const rest = [...document.querySelectorAll(
               "article :is(p:not(.needs, .origin), li, pre, img, table, h2, h3, .lrlab-view)"
             )].filter(part => !part.closest(".fold.check, .needs")).map(box);
             const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
               && a.top < b.bottom - 1 && b.top < a.bottom - 1;
             return [notes.map(note => note.left), box(document.querySelector("article p strong")).right,
               notes.filter(note => rest.some(part => meet(note, part))).map(note => note.top)];
           }"""
    )
    assert len(notes) > 5 and min(notes) > text
    assert met == []


def test_the_contents_stand_beside_the_text_or_above_it(shown, watched):
    page = shown(CHAPTERS[1], DESKTOP)
    beside, above = page.locator(".contents"), page.locator(".mode-strip")
    assert beside.is_visible() and not above.is_visible()
    beside.get_by_role("link", name="Measure").click()
    page.locator(".contents [aria-current=location]", has_text="Measure").wait_for()
    assert page.locator(".contents [aria-current]").count() == 1
    page = shown(CHAPTERS[1], PHONE)
    assert above.is_visible() and not beside.is_visible()
    assert above.locator("[aria-current=location]").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_has_the_focus_shows_it(open_page, scheme):
    page = open_page(f"{CHAPTERS[0]}.html", color_scheme=scheme)
    for control in (
        "List of chapters",
        "Download this page",
        re.compile("mode", re.IGNORECASE),
        re.compile("Search"),
    ):
        button = page.get_by_role("button", name=control).locator("visible=true").first
        page.keyboard.press("Tab")  # the keyboard is in use
        button.focus()
        style = button.evaluate("part => getComputedStyle(part).outline")
        assert re.search(r"\b[23]px\b", style) and "none" not in style, (control, style)


def test_every_page_says_of_itself_what_it_is(site):
    course = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    descriptions = {}
    for path in site.glob("*.html"):
        page = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        if not page.select_one("main"):
            continue  # leads on to the start page
        head = {
            tag.get("name") or tag.get("property"): tag["content"]
            for tag in page("meta")
            if tag.get("content")
        }
        assert 20 < len(head["description"]) <= about.LONGEST + 100
        assert head["og:title"] and head["og:description"] == head["description"]
        assert head["og:site_name"] == course["title"] and page.select_one("link[rel=icon]")
        footer = page.select_one(".bd-footer-content")
        assert course["title"] in footer.cite.text and "@misc" in footer.pre.text
        descriptions[path.stem] = head["description"]
    assert len({descriptions[chapter] for chapter in CHAPTERS}) == len(CHAPTERS)


def told(base: str = "", repository_url: str = "") -> dict:
    """Return the context of a page after `about.tell`, of a site with these settings."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text())["sphinx"]["config"]
    options = config["html_theme_options"] | {"repository_url": repository_url}
    app = SimpleNamespace(
        config=SimpleNamespace(html_baseurl=base, html_theme_options=options),
        env=SimpleNamespace(doc2path=lambda page: f"/course/book/{page}.ipynb"),
    )
    context = {"title": "<span>6</span> Adam &amp; others"}
    about.tell(app, "06_adam", "page.html", context, SimpleNamespace(findall=lambda kind: iter(())))
    return context


def test_where_the_site_has_an_address_what_is_shared_has_it():
    tags = told("https://course.example/book/")["metatags"]
    assert '<meta property="og:url" content="https://course.example/book/06_adam.html">' in tags
    assert 'content="https://course.example/book/_static/cover.png"' in tags
    assert 'content="6 Adam &amp; others"' in tags
    tags = told()["metatags"]
    assert "og:title" in tags and "og:url" not in tags and "og:image" not in tags


@pytest.mark.parametrize(
    ("url", "source", "report"),
    [
        (
            "https://github.com/a/b/",
            "https://github.com/a/b/blob/main/book/06_adam.ipynb",
            "https://github.com/a/b/issues/new?title=Error%20in%20book/06_adam.ipynb",
        ),
        (
            "https://gitlab.com/a/b",
            "https://gitlab.com/a/b/-/blob/main/book/06_adam.ipynb",
            "https://gitlab.com/a/b/-/issues/new?issue[title]=Error%20in%20book/06_adam.ipynb",
        ),
    ],
)
def test_the_one_setting_of_the_repository_makes_the_links(url, source, report):
    assert told(repository_url=url)["repository"] == {"source": source, "report": report}
    assert told()["repository"] == {}


def test_the_map_of_the_site_is_made_where_it_has_an_address(tmp_path):
    def write(base: str) -> list[str]:
        app = SimpleNamespace(
            config=SimpleNamespace(html_baseurl=base),
            builder=SimpleNamespace(format="html"),
            env=SimpleNamespace(found_docs={"intro", "06_adam"}),
            outdir=tmp_path,
        )
        about.write_site_map(app, None)
        return [path.read_text() for path in tmp_path.iterdir()]

    assert write("") == []
    assert re.findall("<loc>(.+?)</loc>", *write("https://course.example")) == [
        "https://course.example/06_adam.html",
        "https://course.example/intro.html",
    ]
