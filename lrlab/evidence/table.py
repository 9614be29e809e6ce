"""The claims as a page shows them: the table, each row with its criterion, and a count of the verdicts."""

from collections import Counter

from IPython.display import HTML, display
from markdown_it import MarkdownIt

from lrlab.evidence.claim import Claim, verdicts
from lrlab.runs.record import Record

HEAD = "<tr><th>claim</th><th>published</th><th>recorded here</th><th>verdict</th></tr>"
ROW = """<tr>
<td>{claim} ({source})</td>
<td data-column="published">{published}</td>
<td data-column="recorded here">{found} <small>({provenance})</small>
<details><summary>criterion</summary>{rule} Computed from {records}.</details></td>
<td data-column="verdict"><strong>{verdict}</strong></td>
</tr>"""  # on a phone, where the cells of a row stand below each other, each names its column

_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def show(claims: tuple[Claim, ...], caption: str = "") -> None:
    """Display some claims as a table, below a caption in Markdown where there is one.

    Raises lrlab.runs.RunError for a missing record.
    """
    display(HTML(table(claims, caption)))


def table(claims: tuple[Claim, ...], caption: str = "") -> str:
    """Return the table of ``show`` as HTML. Raises lrlab.runs.RunError for a missing record."""
    body = "\n".join(map(_row, claims))
    above = f"<caption>{_MARKDOWN.renderInline(caption)}</caption>\n" if caption else ""
    rows = f"{above}<thead>{HEAD}</thead>\n<tbody>\n{body}\n</tbody>"
    return f'<div class="lrlab evidence"><table class="table">\n{rows}\n</table></div>'


def summary(claims: tuple[Claim, ...]) -> str:
    """Return how often each verdict occurs, the most frequent first."""
    counts = Counter(verdicts(claims)).most_common()
    return ", ".join(f"{verdict}: {count}" for verdict, count in counts)


def provenance(records: list[Record]) -> str:
    """Return how many seeds stand behind some records, and of which data they are."""
    counts = sorted({len(record.seeds) for record in records})
    names = sorted({record.caption for record in records})
    return f"{' and '.join(map(str, counts))} seeds, {', '.join(names)}"


def _row(claim: Claim) -> str:
    records = claim.load()
    finding = claim.measure(*records)
    cells = {
        "claim": claim.claim,
        "source": claim.source,
        "published": claim.published,
        "found": finding.text,
        "provenance": provenance(records),
        "verdict": claim.verdict(finding),
        "rule": claim.rule[0].upper() + claim.rule[1:],
        "records": ", ".join(f"`{name}`" for name in claim.records),
    }
    return ROW.format_map({key: _MARKDOWN.renderInline(text) for key, text in cells.items()})
