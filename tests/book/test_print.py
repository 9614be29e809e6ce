"""A chapter on paper: dark on white, nothing cut, answers open; and on the screen as before, afterwards."""

import io

import pytest
from pypdf import PdfReader

CHAPTER = "02_too_low_too_high.html"
PAPER = 672  # pixels between the margins of A4
STATE = """() => ({
  theme: document.documentElement.dataset.theme,
  open: [...document.querySelectorAll("details")].map((details) => details.open),
  drawn: [...document.querySelectorAll(".lrlab-drawing")].map((figure) => figure.innerHTML),
})"""


@pytest.fixture(scope="module")
def page(visitor):
    """A chapter in the dark, in which nothing was opened or revealed."""
    page = visitor.open(CHAPTER, color_scheme="dark")
    page.wait_for_selector(".lrlab-drawing svg")
    yield page
    page.context.close()


@pytest.fixture
def on_paper(page):
    """The page while it is printed, as wide as paper."""
    page.set_viewport_size({"width": PAPER, "height": 900})
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    yield page
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_chapter_takes_few_sheets_and_is_then_as_it_was(page):
    before = page.evaluate(STATE)
    assert before["theme"] == "dark" and not any(before["open"]) and before["drawn"]
    during = "window.printed = []; addEventListener('beforeprint', () => printed.push(STATE()))"
    page.evaluate(f"() => {{ {during.replace('STATE', f'({STATE})')} }}")
    printed = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    assert page.evaluate(STATE) == before
    [then] = page.evaluate("printed")
    assert then["theme"] == "light" and any(then["open"]) and then["drawn"] != before["drawn"]
    assert 5 < len(printed.pages) <= 14
    words = printed.pages[0].extract_text()
    assert "Too low, too high" in words and "Contents" not in words


def test_print_is_dark_on_white(on_paper):
    pale = on_paper.evaluate(
        """() => {
          const light = (colour) => {
            const [r, g, b] = colour.match(/[\\d.]+/g).map(Number);
            return (0.3 * r + 0.6 * g + 0.1 * b) / 255;
          };
          const shown = [...document.querySelectorAll("article :is(p, li, td, th, h1, h2, h3, pre span)")]
            .filter((part) => part.checkVisibility() && part.textContent.trim());
          return shown.map((part) => [light(getComputedStyle(part).color), part.textContent.trim()])
            .filter(([brightness]) => brightness > 0.6);
        }"""
    )
    assert pale == []
    for part in ("html", "body", "article", ".highlight", ".quiz-question"):
        colour = "part => getComputedStyle(part).backgroundColor"
        paper = on_paper.locator(part).first.evaluate(colour)
        assert paper == "rgba(0, 0, 0, 0)" or min(map(float, paper[4:-1].split(","))) > 230, part


def test_nothing_is_cut_at_the_edge_of_the_paper(on_paper):
    cut = on_paper.evaluate(
        f"""() => [...document.querySelectorAll("article, article *")]
          .filter((part) => part.checkVisibility() && !part.closest("svg"))
          .filter((part) => part.getBoundingClientRect().right > {PAPER} + 1
            || (getComputedStyle(part).overflowX !== "visible" && part.scrollWidth > part.clientWidth + 1))
          .map((part) => `${{part.tagName}}.${{part.className}}: ${{part.textContent.trim().slice(0, 60)}}`)"""
    )
    assert cut == []


def test_answers_are_open_and_what_only_a_screen_can_use_is_gone(on_paper):
    answers = on_paper.locator("article details:not(.fold, .lrlab-view details)").all()
    assert len(answers) > 15
    for answer in answers:
        assert answer.evaluate(
            """part => [...part.children].every(
              (child) => child.matches("summary, button") || child.checkVisibility())"""
        ), answer.evaluate("part => part.outerHTML")[:300]
    for gone in (".bd-sidebar-primary", ".mode-strip", ".bd-header-article", ".headerlink"):
        assert not any(part.is_visible() for part in on_paper.locator(gone).all()), gone
