"""The book as one PDF, here of two of its pages, and the site as one zip that is alive offline."""

import io
import re
import zipfile
from pathlib import Path

import downloads
import pytest
import site_zip
import whole_pdf
from pypdf import PdfReader

ROOT = Path(__file__).parents[2]
PAGES = ["01_first_step", "handing_in"]


@pytest.fixture(scope="module")
def book(browser, site) -> PdfReader:
    file = io.BytesIO()
    whole_pdf.whole(browser, site.as_uri(), PAGES).write(file)
    return PdfReader(file)


@pytest.fixture(scope="module")
def texts(book) -> list[str]:
    """What stands on each sheet, blanks as single ones."""
    return [" ".join(sheet.extract_text().split()) for sheet in book.pages]


@pytest.fixture(scope="module")
def unpacked(site, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("offline")
    site_zip.pack(site, folder / "site.zip")
    with zipfile.ZipFile(folder / "site.zip") as archive:
        archive.extractall(folder)
    return folder


def bookmarks(outline: list) -> list:
    """Return the entries of an outline and of those within it, in order."""
    return [
        each for item in outline for each in (bookmarks(item) if isinstance(item, list) else [item])
    ]


def links(book) -> list:
    sheets = [(number, sheet) for number, sheet in enumerate(book.pages)]
    return [
        (number, each.get_object()) for number, sheet in sheets for each in sheet.annotations or ()
    ]


def test_each_sheet_has_the_number_of_the_viewer_at_its_foot(book, texts):
    labels = book.page_labels
    assert labels[:3] == ["i", "ii", "1"]
    for label, text in zip(labels[2:], texts[2:], strict=True):
        assert re.match(rf"Learning-Rate Selection in Computer Vision .{{,40}}\b{label} ", text), (
            text
        )


def test_the_contents_say_where_everything_begins(book, texts):
    contents, labels = texts[1], book.page_labels
    entries = bookmarks(book.outline)
    assert len(entries) > 20
    top = {item.title for item in book.outline if not isinstance(item, list)}
    listed = 0
    for entry in entries:
        number = labels[book.get_destination_page_number(entry)]
        assert entry.title in texts[labels.index(number)]
        if found := re.search(rf"{re.escape(entry.title)} (\d+)(?= |$)", contents):
            assert found[1] == number, entry.title
            listed += 1
    assert book.metadata.title == "Learning-Rate Selection in Computer Vision"
    assert listed >= len(top) + 10 and top <= {entry.title for entry in entries}


def test_links_between_pages_lead_within_the_book_and_none_to_the_machine(book, site):
    within = [(number, link) for number, link in links(book) if "/Dest" in link]
    chapter = book.get_destination_page_number(book.outline[0])
    assert (1, chapter) in [
        (n, book.get_page_number(link["/Dest"][0].get_object())) for n, link in within
    ]
    addresses = [link["/A"]["/URI"] for _, link in links(book) if "/A" in link]
    assert addresses and all(re.match("https?://", address) for address in addresses)


def test_the_zip_has_all_of_the_site_and_the_same_bytes_each_time(site, unpacked, tmp_path):
    site_zip.pack(site, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (unpacked / "site.zip").read_bytes()
    folder = unpacked / site_zip.FOLDER
    with zipfile.ZipFile(unpacked / "site.zip") as archive:
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o644}
    files = [path.relative_to(site) for path in site.rglob("*") if path.is_file()]
    assert all((folder / path).read_bytes() == (site / path).read_bytes() for path in files)


def test_the_unpacked_zip_is_alive_without_a_network(browser, unpacked):
    page = browser.new_page()
    said = []
    page.on("console", lambda m: m.type in ("error", "warning") and said.append(m.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((unpacked / site_zip.FOLDER / "index.html").as_uri())
    page.wait_for_url("**/intro.html")
    page.goto(page.url.replace("intro", "01_first_step"))
    page.wait_for_selector(".lrlab-drawing svg")
    page.wait_for_selector(".quiz-question button")
    assert said == []


def test_the_site_links_to_what_there_is(tmp_path, monkeypatch):
    page, pdf = tmp_path / "intro.html", tmp_path / "downloads" / "a.pdf"
    page.write_text('<h1>A</h1>\n<div class="downloads"></div>\n<div>B</div>')
    before = page.read_text()
    monkeypatch.setattr(downloads, "OFFERED", {pdf: "a PDF", tmp_path / "a.zip": "a zip"})
    downloads.offer(page)
    assert page.read_text() == before
    pdf.parent.mkdir()
    pdf.write_bytes(bytes(1_500_000))
    for _ in "12":
        downloads.offer(page)
        assert '<a href="downloads/a.pdf" download>a PDF</a>, 1.5 MB' in page.read_text()
        assert "a.zip" not in page.read_text() and "<div>B</div>" in page.read_text()
    pdf.unlink()
    downloads.offer(page)
    assert page.read_text() == before
    page.write_text("no place")
    with pytest.raises(ValueError, match="has 0 places"):
        downloads.offer(page)


def test_the_start_page_has_a_place_for_the_links(site):
    assert len(downloads.PLACE.findall((site / "intro.html").read_text("utf-8"))) == 1
