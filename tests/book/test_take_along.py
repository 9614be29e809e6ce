"""What a reader takes along from a page: its notebook, the package that it needs, its assignment."""

import re
import zipfile
from pathlib import Path

import nbformat
import pytest
import take_along

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "book").glob("*.ipynb"))
ASSIGNMENTS = sorted((ROOT / "exercises").glob("lr[0-9][0-9]_*/*.ipynb"))


@pytest.fixture(params=PAGES, ids=lambda path: path.stem)
def source(request) -> Path:
    return request.param


def downloads(site: Path, page: str) -> list[Path]:
    """Return the files that the menu of a page offers."""
    text = (site / f"{page}.html").read_text("utf-8")
    hrefs = re.findall(r'<a href="([^"]+)"[^>]*class="[^"]*btn-download-[^"]*"', text)
    return [site / href for href in hrefs]


def test_a_page_gives_its_notebook_which_first_says_what_it_needs(site, source):
    path, package = downloads(site, source.stem)
    assert path.name == source.name and package.name == take_along.package()[0]
    downloaded, kept = nbformat.read(path, 4), nbformat.read(source, 4)
    first = downloaded.cells.pop(0)
    assert downloaded == kept
    assert first.cell_type == "markdown" and f"pip install {package.name}" in first.source
    heading = kept.cells[0].source.splitlines()[0].removeprefix("# ")
    number = f"chapter {int(source.stem[:2])}, " if source.stem[:2].isdigit() else "the page "
    course = "of the course Learning-Rate Selection in Computer Vision."
    assert first.source.startswith(f"This is {number}*{heading}*") and course in first.source


def test_the_package_on_the_site_is_the_one_that_students_are_given(site, wheel):
    [package] = site.rglob("*.whl")
    names = {str(path.relative_to(wheel)) for path in wheel.rglob("*") if path.is_file()}
    with zipfile.ZipFile(package) as archive:
        assert set(archive.namelist()) == names


def test_a_published_site_is_where_pip_installs_from():
    address = "https://example.org/book"
    said = take_along.first_cell("chapter 1", "A Course", address).source
    assert f"    pip install {address}/downloads/{take_along.package()[0]}\n" in said
    assert f"This is chapter 1 of the course [A Course]({address})." in said
    alone = take_along.first_cell("chapter 1", "A Course", "").source
    assert f"    pip install {take_along.package()[0]}\n" in alone and "](" not in alone


@pytest.mark.parametrize("path", ASSIGNMENTS, ids=lambda path: path.stem)
def test_a_chapter_leads_to_its_assignment(site, path):
    page = (site / f"{path.stem.removeprefix('lr')}.html").read_text("utf-8")
    assert f"Assignment: {path.stem}" in page and f'href="downloads/{path.name}"' in page
    assert (site / "downloads" / path.name).read_bytes() == path.read_bytes()


def test_there_are_assignments_and_chapters_without_one_name_none(site):
    assert len(ASSIGNMENTS) >= 5
    assert "Assignment: " not in (site / "02_too_low_too_high.html").read_text("utf-8")
