"""What a text names of the book becomes a link to that section, and never a dead one."""

import json
import re
from pathlib import Path

import nbformat
import pytest

from autograder.chapters import Chapters

ROOT = Path(__file__).resolve().parents[2]
SITE = "https://course.example/book"
MESSAGES = sorted((ROOT / "autograder" / "checks").rglob("*.yml"))
PAGES = [ROOT / "book" / "intro.md", *sorted(ROOT.glob("book/*.ipynb"))]
MASTERS = sorted(ROOT.glob("solutions/*/*.ipynb"))


def course(folder: Path, address: object = SITE, book: Path = ROOT / "book") -> Path:
    """Return a course whose book is published at ``address``."""
    (folder / "_config.yml").write_text(json.dumps({"html": {"baseurl": address}}))
    (folder / "book").symlink_to(book)
    return folder


@pytest.fixture
def chapters(tmp_path) -> Chapters:
    return Chapters.of(course(tmp_path))


def prose(path: Path) -> str:
    if path.suffix != ".ipynb":
        return path.read_text()
    cells = nbformat.read(path, 4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def test_a_section_that_a_message_names_is_a_link(chapters):
    link = f'<a href="{SITE}/02_too_low_too_high.html#see-it">chapter 2, See it</a>'
    assert chapters.html("Too high. Read chapter 2, See it.") == f"Too high. Read {link}."
    assert chapters.html("Read chapter 2, See it: a, b") == f"Read {link}: a, b"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chapter 6's", "[chapter 6]({6})'s"),
        ("Chapter 8, *Why*: two", "[Chapter 8, *Why*]({8}#why): two"),
        ("chapter 1,\nSee\nit.", "[chapter 1,\nSee\nit]({1}#see-it)."),
        ("chapter 1, Why 2.303? Yes", "[chapter 1, Why 2.303?]({1}#why-2-303) Yes"),
        ("chapters 1 and 2.", "[chapters 1]({1}) and [2]({2})."),
        ("chapters 6, 8, 9, and 12", "[chapters 6]({6}), [8]({8}), [9]({9}), and [12]({12})"),
        ("From chapters 1 to 9", "From [chapters 1]({1}) to [9]({9})"),
        ("in chapter 6, 8 of 10 seeds", "in [chapter 6]({6}), 8 of 10 seeds"),
        ("chapter 1, Whyever", "[chapter 1]({1}), Whyever"),
        ("chapter 1, The floor", "[chapter 1]({1}), The floor"),  # a section of another chapter
        ("`chapter 1` and [chapter 1](x)", "`chapter 1` and [chapter 1](x)"),
        ("```\nchapter 1\n```\nchapter 1", "```\nchapter 1\n```\n[chapter 1]({1})"),
        (
            "<summary>chapter 1</summary>\nchapter 1",
            "<summary>chapter 1</summary>\n[chapter 1]({1})",
        ),
        ("chapter 7, Why; chapters 7 and 2", "chapter 7, Why; chapters 7 and [2]({2})"),
        (f"chapter {'9' * 5000}, chapter \u0661", f"chapter {'9' * 5000}, chapter \u0661"),
        ("subchapter 1, the chapter", "subchapter 1, the chapter"),
        ("", ""),
    ],
)
def test_every_way_to_name_a_chapter(chapters, text, expected):
    urls = {number: f"{SITE}/{page.name}" for number, page in chapters.pages.items()}
    for number, url in urls.items():
        expected = expected.replace(f"{{{number}}}", url)
    assert chapters.markdown(text) == expected


def test_what_a_student_wrote_stays_text(chapters):
    said = "'<b onclick=\"x\">' in chapter 1, <i>Code</i> & chapter 2, Code</a>"
    safe = chapters.html(said)
    links = re.findall(r'<a href="[^"<>]*">[^<>]*</a>', safe)
    assert len(links) == 2
    assert not re.search("[<>]", re.sub(r'<a href="[^"<>]*">[^<>]*</a>', "", safe))


@pytest.mark.parametrize("address", ["", None])
def test_words_stay_words_where_no_site_is_named(tmp_path, address):
    chapters = Chapters.of(course(tmp_path, address))
    assert chapters.html("Read chapter 1, <Code>.") == "Read chapter 1, &lt;Code&gt;."
    assert chapters.markdown("Read chapter 1, *Code*.") == "Read chapter 1, *Code*."


@pytest.mark.parametrize("config", [None, "a: {{ jinja", "title: x", "html: [1]", "- 1"])
def test_another_course_has_no_chapters(tmp_path, config):
    if config:
        (tmp_path / "_config.yml").write_text(config)
    assert Chapters.of(tmp_path).html("Read chapter 1, Code.") == "Read chapter 1, Code."


def test_a_site_without_such_a_book_has_no_chapters(tmp_path):
    assert Chapters.of(course(tmp_path, book=tmp_path)).markdown("chapter 1") == "chapter 1"


@pytest.mark.parametrize(
    "address", ["course.example", "javascript:alert(1)", "/book", "https://", 5]
)
def test_what_is_no_address_is_refused_in_words(tmp_path, address):
    with pytest.raises(ValueError, match="baseurl is .* write it whole"):
        Chapters.of(course(tmp_path, address))


@pytest.mark.parametrize("content", [b"", b"[]", b'{"worksheets": []}', b"\xff"])
def test_a_chapter_that_is_no_notebook_is_named(tmp_path, content):
    book = tmp_path / "chapters"
    book.mkdir()
    (book / "01_first_step.ipynb").write_bytes(content)
    with pytest.raises(ValueError, match="01_first_step.ipynb is no notebook to link to"):
        Chapters.of(course(tmp_path, book=book))


def test_the_slash_at_the_end_of_an_address_does_not_matter(tmp_path):
    chapters = Chapters.of(course(tmp_path, f"{SITE}/"))
    assert f"({SITE}/01_first_step.html)" in chapters.markdown("chapter 1")


@pytest.mark.parametrize("path", [*MESSAGES, *MASTERS], ids=lambda path: f"{path.parts[-2:]}")
def test_every_chapter_and_section_that_is_named_is_there(chapters, path):
    """A message of a check or a master that sends somebody to what is not there is refused here."""
    text = prose(path)
    for word, number in re.findall(r"\b([Cc]hapters?)\s+(\d+)", text):
        assert int(number) in chapters.pages, f"{path}: there is no {word} {number}"
    for mention in re.finditer(r"\b[Cc]hapter\s+(\d+),\s+\*?([A-Z][\w ]*\w)", text):
        assert mention[2] in chapters.pages[int(mention[1])].sections, mention[0]
    assert chapters.html(text).count(f'href="{SITE}/') >= len(
        re.findall(r"\b[Cc]hapters?\s+\d", text)
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_of_the_book_links_each_chapter_that_it_names(chapters, path):
    assert chapters.markdown(prose(path)) == prose(path)
