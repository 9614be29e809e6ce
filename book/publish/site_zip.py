"""The site as one zip that opens with a double-click on its index.html, without a network: `make zip`.

The same site gives the same bytes, whenever and wherever it is packed.
"""

import zipfile
from pathlib import Path

from downloads import SITE, ZIP, offer

FOLDER = "learning-rates"  # in which it lies when it is unpacked
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the date that every file in the zip has; a zip knows none before


def pack(site: Path, path: Path) -> None:
    """Write all files of the folder ``site`` into the zip ``path``, in order of their names."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(site.rglob("*")):
            if file.is_file() and file != path:
                name = f"{FOLDER}/{file.relative_to(site).as_posix()}"
                entry = zipfile.ZipInfo(name, EARLIEST)
                entry.external_attr = 0o644 << 16  # who unpacks it may read it
                archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def main() -> None:
    """Pack the site, and offer the zip on it."""
    ZIP.unlink(missing_ok=True)
    offer()  # in the zip is no link to the zip
    ZIP.parent.mkdir(exist_ok=True)
    pack(SITE, ZIP)
    offer()
    print(f"{ZIP.relative_to(SITE.parents[1])}: {ZIP.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
