"""The claims as a page shows them: the table, a count of the verdicts, the criteria in words."""

from collections import Counter

from IPython.display import HTML, display
from markdown_it import MarkdownIt

from lrlab.evidence.claim import Claim, verdicts
from lrlab.runs.record import Record


def table(claims: tuple[Claim, ...]) -> str:
    """Return the evidence table as Markdown. Raises lrlab.runs.RunError for a missing record."""
    rows = [
        "| claim | published | measured here | seeds and data | verdict |",
        "|---|---|---|---|---|",
    ]
    for claim in claims:
        records = claim.load()
        finding = claim.measure(*records)
        cells = (
            f"{claim.claim} ({claim.source})",
            claim.published,
            finding.text,
            provenance(records),
            f"**{claim.verdict(finding)}**",
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def show(claims: tuple[Claim, ...]) -> None:
    """Display the evidence table; on a narrow page it scrolls in a frame of its own."""
    rendered = MarkdownIt("commonmark", {"html": False}).enable("table").render(table(claims))
    rendered = rendered.replace("<table>", '<table class="table">')
    frame = '<div class="lrlab" style="overflow-x: auto" tabindex="0" role="region" '
    display(HTML(f'{frame}aria-label="The evidence table">{rendered}</div>'))


def summary(claims: tuple[Claim, ...]) -> str:
    """Return how often each verdict occurs, the most frequent first."""
    counts = Counter(verdicts(claims)).most_common()
    return ", ".join(f"{verdict}: {count}" for verdict, count in counts)


def rules(claims: tuple[Claim, ...]) -> str:
    """Return, as a Markdown list, how the verdict on each claim is computed."""
    return "\n".join(f"- *{claim.claim}*: {claim.rule}" for claim in claims)


def provenance(records: list[Record]) -> str:
    """Return how many seeds stand behind some records, and of which data they are."""
    counts = sorted({len(record.seeds) for record in records})
    names = sorted({record.caption for record in records})
    return f"{' and '.join(map(str, counts))} seeds, {', '.join(names)}"
