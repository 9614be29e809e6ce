"""Put what was printed together: one PDF, with bookmarks, and links from page to page within it.

What Chromium printed names its links in two ways: one within a page by the name of its place, one to
another page by an address of the site. Both become places in the book. A link to anything else of the
site, as a download, is taken out: its address would be a folder of the machine that printed.
"""

from collections.abc import Sequence
from urllib.parse import unquote, urldefrag

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, FloatObject, NameObject, NullObject
from sheets import Sheets


def bind(front: PdfReader, parts: Sequence[Sheets], *, site: str) -> PdfWriter:
    """Return the ``front`` and the ``parts``, printed of the site at the address ``site``, as one PDF.

    The front's sheets have Roman numbers, as the others have what stands at their foot.
    """
    writer = PdfWriter()
    for pdf in (front, *(part.pdf for part in parts)):
        writer.append(pdf, import_outline=False)
    start = len(front.pages)
    writer.set_page_label(0, start - 1, style="/r")
    writer.set_page_label(start, len(writer.pages) - 1, style="/D", start=1)
    add_bookmarks(writer, parts, start)
    places = {part.address: (part.before + 1, None) for part in parts}
    for part in parts:
        places |= {f"{part.address}#{name}": place for name, place in part.places.items()}
    at = 0
    for address, count in (("", start), *((part.address, part.count) for part in parts)):
        for sheet in writer.pages[at : at + count]:
            lead_within(writer, sheet, address, places, site, start)
        at += count
    return writer


def add_bookmarks(writer: PdfWriter, parts: Sequence[Sheets], start: int) -> None:
    """Give the PDF an outline: the headings of all pages, each below the one that it belongs to."""
    for part in parts:
        above = {0: None}
        for heading in part.headings:
            number, _ = part.places[heading.anchor]
            parent = above[max(level for level in above if level < heading.level)]
            sheet = start + number - 1
            item = writer.add_outline_item(title=heading.words, page_number=sheet, parent=parent)
            above = {level: each for level, each in above.items() if level < heading.level}
            above[heading.level] = item


def lead_within(writer, sheet, address: str, places: dict, site: str, start: int) -> None:
    """Make places in the book of the links of one sheet, of the page at ``address``."""
    kept = ArrayObject()
    for reference in sheet.get("/Annots", ()):
        link = reference.get_object()
        target = link.get("/A", {}).get("/URI") or f"{address}#{str(link.get('/Dest'))[1:]}"
        page, name = urldefrag(unquote(target))
        place = places.get(f"{page}#{name}") or places.get(page)
        if place:
            number, top = place
            spot = [NullObject(), NullObject() if top is None else FloatObject(top), NullObject()]
            on = writer.pages[start + number - 1].indirect_reference
            link.pop("/A", None)
            link[NameObject("/Dest")] = ArrayObject([on, NameObject("/XYZ"), *spot])
        if place or not target.startswith(site):
            kept.append(reference)
    sheet[NameObject("/Annots")] = kept
