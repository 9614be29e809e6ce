"""Rich outputs on the pages that nbgrader makes: honest ones are seen, hostile ones do nothing.

Two students are graded for real, in a folder with a space in its name. Their pages are opened in
Chromium: the feedback as a file, and what an instructor grades in from nbgrader's formgrader.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import nbformat
import pytest
from commands import in_turn
from hostile.cases.showing import AGAIN, DRAWINGS, ELEMENTS, OUTPUTS
from lab import serve_lab
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from plain_course import NAME, hand_in, make_course
from playwright.sync_api import Page, Route

from lrlab.assignments.questions import draw

HONEST = r'''
import base64, io
import anywidget, ipywidgets, sympy, traitlets
import matplotlib.pyplot as plt
from IPython.display import HTML, JSON, SVG, Audio, Code, Image, Latex, Markdown, Math, display
from matplotlib_inline.backend_inline import set_matplotlib_formats
from tqdm.notebook import tqdm
from lrlab.assignments.questions import draw

test = draw("ann")
for number in range(11):
    test.show(number or None)
class Frame:
    """As pandas shows one."""
    def __repr__(self): return "   loss\n0  0.25"
    def _repr_html_(self): return """<div><style scoped>.dataframe tbody {color: red}</style>
<table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th><th>loss</th></tr></thead>
<tbody><tr><th>0</th><td>0.25</td></tr></tbody></table></div>"""
display(Frame())
display(HTML("<p>A <b style='color: red'>bold</b> word of HTML</p><script>EVE_RUNS()</script>"))
display(Markdown("# A heading\n\n| rate | loss |\n|---|---|\n| 0.1 | 0.5 |\n\n```python\nx = 1\n```"))
display(Math(r"\eta \cdot \frac{1}{2}"), Latex("With $\\lambda$."), sympy.Symbol("x") ** 2)
display(Code("answer = 42", language="python"), JSON({"momentum": 0.9}))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' width='70' height='50'><rect width='9' height='9'/></svg>"))
plt.figure(figsize=(2, 1)); plt.plot([1, 2]); plt.show()
set_matplotlib_formats("svg")
plt.figure(figsize=(2, 1)); plt.plot([1, 2]); plt.title("a title"); plt.show()
figure = io.BytesIO(); plt.figure(figsize=(2, 1)).savefig(figure, format="png"); plt.close()
display(Image(figure.getvalue()))
display(HTML(f"<img alt='in HTML' src='data:image/png;base64,{base64.b64encode(figure.getvalue()).decode()}'>"))
for _ in tqdm(range(3), desc="epochs", disable=False): pass
display(ipywidgets.IntSlider(value=7, description="a slider"), Audio(b"1234", rate=1))
'''  # fmt: skip
SEEN = (  # words of the page, besides the questions
    "A bold word of HTML",
    "A heading",
    "With",
    "answer = 42",
    '"momentum": 0.9',
    "epochs",
    "a slider",
    "(Audio: not shown here)",
)
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
TEXT = "A picture ![in a text](attachment:a.png), <u>HTML</u>, $w^2$ and `code`, [a link](https://jupyter.org)"
INSIDE = ".output_subarea, .text_cell_render, .written, article > .prose"  # where a page shows what a student wrote
# What may not be there, however it came: by tags, by handlers, or by what is the page's own.
HARM = """
selector => [...document.querySelectorAll(selector)].flatMap(box => [...box.querySelectorAll("*")])
  .filter(each => /^(script|style|link|iframe|form|input|svg|base|meta|object|embed)$/i.test(each.tagName)
    || each.id || each.name || [...each.attributes].some(a => a.name.startsWith("on"))
    || !["static", "relative"].includes(getComputedStyle(each).position)
    || each.closest(".navbar, .score, .navbar-fixed-top"))
  .map(each => each.outerHTML.slice(0, 200))"""
LEAVES = """
selector => [...document.querySelectorAll(selector)].filter(box => {
  for (let outer = box; outer.id !== "notebook"; outer = outer.parentElement)
    if (getComputedStyle(outer).overflowY !== "visible") return false;  // it scrolls, or cuts
  const outer = box.parentElement.getBoundingClientRect();
  return [...box.querySelectorAll("*")].some(each => {
    const inner = each.getBoundingClientRect();
    return inner.height && (inner.top < outer.top - 30 || inner.bottom > outer.bottom + 30);
  });
}).map(box => box.innerText.slice(0, 200))"""


@dataclass(frozen=True)
class Opened:
    """A page as it stands in the browser, and what it did: requests elsewhere, dialogs, errors."""

    page: Page
    did: list[str]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Grade one student who shows all kinds of things, and one who attacks with all of them."""
    folder = make_course(tmp_path_factory.mktemp("graded") / "a course")
    hand_in(folder, "ann", last=HONEST)
    hand_in(folder, "eve", last=OUTPUTS)
    picture = {"a.png": {"image/png": PNG}}
    for student, texts in {"ann": [TEXT], "eve": [*ELEMENTS, *DRAWINGS]}.items():
        path = folder / "submitted" / student / NAME / f"{NAME}.ipynb"
        notebook = nbformat.read(path, 4)
        notebook.cells += [new_markdown_cell(text, attachments=picture) for text in texts]
        if student == "eve":
            notebook.cells.append(new_code_cell(f"from IPython.display import SVG\nSVG({AGAIN!r})"))
        nbformat.write(notebook, path)
    in_turn(
        (folder, "nbgrader", "autograde", NAME), (folder, "nbgrader", "generate_feedback", NAME)
    )
    return folder


@pytest.fixture(scope="module")
def addresses(course, tmp_path_factory) -> Iterator[Callable[[str, str], str]]:
    """Serve the course; return a function that gives the address of a student's page."""
    with serve_lab(course, tmp_path_factory.mktemp("logs")) as server:

        def address(kind: str, student: str) -> str:
            if kind == "feedback":
                return (course / "feedback" / student / NAME / f"{NAME}.html").as_uri()
            with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
                notebook = gradebook.find_submission_notebook(NAME, NAME, student)
                return f"{server}formgrader/submissions/{notebook.id}/"

        yield address


@pytest.fixture
def opened(addresses, browser) -> Iterator[Callable[[str, str], Opened]]:
    """Return a function that opens a page; nothing but the server itself can be reached from it."""
    pages = []

    def open_page(kind: str, student: str) -> Opened:
        page, did = browser.new_page(viewport={"width": 1280, "height": 900}), []
        pages.append(page)
        address = addresses(kind, student)
        home = address.split("formgrader")[0]

        def route(asked: Route) -> None:
            if asked.request.url.startswith((home, "data:")):
                return asked.continue_()
            did.append(f"asked for {asked.request.url}")
            return asked.abort()

        page.route("**/*", route)
        page.expose_function("EVE_RUNS", lambda *_: did.append("a script ran"))
        page.on("dialog", lambda dialog: did.append("a dialog") or dialog.dismiss())
        page.on("pageerror", lambda error: did.append(f"an error: {error}"))
        page.on(
            "framenavigated", lambda frame: frame.url.startswith(address) or did.append(frame.url)
        )
        page.goto(address)
        page.wait_for_load_state("networkidle")
        return Opened(page, did)

    yield open_page
    for page in pages:
        page.close()


@pytest.mark.parametrize("kind", ["feedback", "formgrader"])
def test_what_honest_students_show_is_seen(opened, kind):
    page = opened(kind, "ann")
    assert page.did == []
    boxes = page.page.locator(INSIDE)
    text = " ".join(" ".join(boxes.all_inner_texts()).split())
    assert [each for each in SEEN if each not in text] == []
    for question in draw("ann").questions:
        words = [word for word in question.prompt.split() if word.isalpha()]
        assert [word for word in words if word not in text] == []
    assert "<IPython" not in text and "scoped" not in text and "&" not in text
    assert page.page.get_by_role("cell", name="0.25", exact=True).count() == 1
    assert page.page.locator("td", has_text="0.1").count() == 1  # of Markdown
    formulas = page.page.locator(f":is({INSIDE}) math")
    assert formulas.count() >= 5 and formulas.first.bounding_box()["width"] > 0
    widths = page.page.locator(f":is({INSIDE}) img").evaluate_all(
        "all => all.map(e => e.naturalWidth)"
    )
    assert len(widths) == 6 and min(widths) >= 1
    assert (
        page.page.get_by_role("link", name="a link").get_attribute("href") == "https://jupyter.org"
    )


@pytest.mark.parametrize("kind", ["feedback", "formgrader"])
def test_what_hostile_students_show_does_nothing(opened, kind):
    page = opened(kind, "eve")
    page.page.locator(f":is({INSIDE}) a").evaluate_all("all => all.forEach(link => link.click())")
    assert page.did == []
    assert page.page.evaluate(HARM, INSIDE) == []
    assert page.page.evaluate(LEAVES, INSIDE) == []


def test_what_is_stored_of_it_does_nothing_either(course):
    path = course / "autograded" / "eve" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, 4)
    kinds = {
        kind: content
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        for kind, content in output.get("data", {}).items()
    }
    assert set(kinds) <= {"text/plain", "text/html", "text/markdown", "image/svg+xml"}
