"""What a page says of itself: to search engines, to whoever shares it, and in its footer.

Nothing is written twice. Who made the course, and words for a page that has none, come from
``CITATION.cff``; a page's description is its first paragraph; where the site is published is Jupyter
Book's ``html: baseurl``, and where its source is, the theme's ``repository_url``. Where one of these two
is empty no address is made up: there is no map of the site then, or no link to the source.
"""

import html
import re
from pathlib import Path
from urllib.parse import quote

import yaml
from docutils import nodes
from sphinx.application import Sphinx

CITATION = Path(__file__).resolve().parents[2] / "CITATION.cff"
TAG = re.compile("<[^>]+>")
LONGEST = 200  # characters of a description; search engines show fewer


def citation(address: str) -> dict[str, str]:
    """Return how to cite the course at ``address``: title, abstract, authors, year, address, bibtex."""
    said = yaml.safe_load(CITATION.read_text("utf-8"))
    people = [
        each.get("name") or f"{each['given-names']} {each['family-names']}"
        for each in said["authors"]
    ]
    entry = {
        "title": said["title"],
        "author": " and ".join(
            f"{{{name}}}" if "name" in each else name
            for name, each in zip(people, said["authors"], strict=True)
        ),
        "year": str(said["date-released"])[:4],
        "url": address,
    }
    lines = "".join(f"  {key} = {{{value}}},\n" for key, value in entry.items() if value)
    return {
        "title": entry["title"],
        "abstract": said["abstract"].strip(),
        "authors": ", ".join(people),
        "year": entry["year"],
        "address": address,
        "bibtex": f"@misc{{lrlab{entry['year']},\n{lines}}}",
    }


def description(doctree: nodes.document | None) -> str:
    """Return the first paragraph of a page in whole sentences that are short enough, else nothing."""
    texts = doctree.findall(nodes.paragraph) if doctree else ()
    first = next((each for each in texts if "needs" not in each["classes"]), None)
    text = " ".join(first.astext().split()) if first is not None else ""
    if len(text) <= LONGEST:
        return text
    whole = re.match(rf".{{1,{LONGEST}}}[.?!](?= )", text)
    return whole[0] if whole else text[:LONGEST].rsplit(" ", 1)[0] + " …"


def source_links(repository: dict, file: str) -> dict[str, str]:
    """Return where the ``source`` of a file of the book is, and where to ``report`` an error in it.

    repository: the theme's ``repository_url`` at GitHub or GitLab, ``repository_branch`` and
    ``path_to_docs``; without the first there are no such addresses.
    """
    url = repository["repository_url"].rstrip("/")
    if not url:
        return {}
    path = f"{repository['path_to_docs']}/{file}"
    at, title = ("/-", "issue[title]") if "gitlab" in url else ("", "title")
    return {
        "source": f"{url}{at}/blob/{repository['repository_branch']}/{path}",
        "report": f"{url}{at}/issues/new?{title}={quote(f'Error in {path}')}",
    }


def tell(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Put what a page says of itself into its head, and what its footer shows into ``context``."""
    options, base = app.config.html_theme_options, app.config.html_baseurl.rstrip("/")
    about = citation(base or options["repository_url"])
    words = description(doctree) or about["abstract"]
    head = {
        'name="description"': words,
        'property="og:type"': "website",
        'property="og:site_name"': about["title"],
        'property="og:title"': html.unescape(TAG.sub("", context.get("title", "")))
        or about["title"],
        'property="og:description"': words,
    }
    if base:
        head['property="og:url"'] = f"{base}/{page}.html"
        head['property="og:image"'] = f"{base}/_static/cover.png"
        head['name="twitter:card"'] = "summary_large_image"
    tags = (f'<meta {name} content="{html.escape(text)}">\n' for name, text in head.items())
    context["metatags"] = context.get("metatags", "") + "".join(tags)
    context["about"] = about
    file = Path(app.env.doc2path(page)).name
    context["repository"] = source_links(options, file) if doctree else {}


def write_site_map(app: Sphinx, error: Exception | None) -> None:
    """Write the list of all pages, which search engines ask for, where the site has an address."""
    base = app.config.html_baseurl.rstrip("/")
    if error is None and base and app.builder.format == "html":
        pages = "".join(
            f"<url><loc>{html.escape(base)}/{page}.html</loc></url>\n"
            for page in sorted(app.env.found_docs)
        )
        Path(app.outdir, "sitemap.xml").write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{pages}</urlset>\n'
        )


def setup(app: Sphinx) -> None:
    """Register both."""
    app.connect("html-page-context", tell)
    app.connect("build-finished", write_site_map)
