"""The page itself: what it says in numbers and words, filled into ``page.html.jinja``."""

import statistics
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import jinja2

from autograder.chapters import Chapters
from autograder.course import course_directory
from autograder.late.words import rule_of
from autograder.outcomes import GRADED, PROBLEM, UNREADABLE, WORDS
from autograder.report import charts, entries
from autograder.report.alike import named_alike
from autograder.report.by_hand import ByHand, corrected
from autograder.report.changed import changed
from autograder.report.entries import Entry, clean, read_entries
from autograder.report.items import Item, item_statistics
from autograder.report.scores import Score, final_scores
from autograder.report.sentences import Sentences, title
from autograder.report.students import table_of
from autograder.report.titles import questions
from autograder.report.wording import duration, number, percent, signed
from autograder.submission.passed_over import passed_over

SLOWEST = 12  # drawn; the table below the drawing has everyone
LONGEST = 12  # messages of one item; a class of hundreds has a long tail of single ones
SCRIPT = (Path(__file__).parent / "sort.js").read_text(encoding="utf-8")
MEANING = {
    GRADED: WORDS[GRADED],
    PROBLEM: f"{WORDS[PROBLEM]}: see Problems",
    UNREADABLE: f"{WORDS[UNREADABLE]}, and waits with 0 points until you decide: see Problems",
    entries.DAMAGED: "the file with the outcome cannot be used: grade it again",
    entries.MISSING: "handed in, not graded yet",
}


def write_report(root: Path, assignment: str) -> Path:
    """Write ``reports/ASSIGNMENT.html`` below ``root`` and return its path.

    Raises FileNotFoundError when the assignment has not been graded. A missing or damaged outcome
    is reported on the page.
    """
    course = course_directory(root)
    asked = questions(course, assignment)
    try:
        scores, missing = final_scores(root, assignment), None
    except LookupError as reason:
        scores, missing = [], reason
    decided = {each.student: each.by_hand for each in scores}
    found = {
        student: corrected(entry, decided.get(student, ByHand()), asked)
        for student, entry in read_entries(root, assignment).items()
    }
    named = named_alike(found, decided)
    everyone = list(named.values())
    items = item_statistics(everyone)
    timed = sorted(
        (each for each in everyone if each.seconds is not None),
        key=lambda each: (-each.seconds, each.student),
    )
    page = _environment(Chapters.of(root)).get_template("page.html.jinja")
    text = page.render(
        assignment=assignment,
        entries=everyone,
        statuses=[
            (status, sum(each.status == status for each in everyone), meaning)
            for status, meaning in MEANING.items()
        ],
        scores=_scores(scores, missing, everyone),
        students=table_of(root, assignment, named, scores),
        changed=changed(root, assignment),
        late_rule=rule_of(course.config),
        titles=asked.titles,
        items=items,
        item_charts=_item_charts(items, asked.titles) if items else [],
        problems=[each for each in everyone if each.problems],
        passed_over=[clean(each) for each in passed_over(course, assignment)],
        timed=timed,
        time_chart=_time_chart(timed[:SLOWEST]) if timed else None,
        slowest=SLOWEST,
        longest=LONGEST,
        seconds=sum(each.seconds for each in timed),
        cpu=sum(each.cpu or 0 for each in timed),
        script=SCRIPT,
        script_digest=b64encode(sha256(SCRIPT.encode()).digest()).decode(),
    )
    path = root / "reports" / f"{assignment}.html"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _environment(chapters: Chapters) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        duration=duration,
        number=number,
        percent=percent,
        signed=signed,
        title=title,
        say=Sentences(chapters).html,
    )
    return environment


def _scores(
    scores: Sequence[Score], missing: LookupError | None, everyone: Sequence[Entry]
) -> dict:
    """Return the scores as shares, where they come from, and their drawing.

    missing: why there are no scores.
    """
    if missing is None:
        found = [each for each in scores if each.max_score > 0]
        shares = [each.score / each.max_score for each in found if each.score is not None]
        waiting = len(found) - len(shares)
        source = "Final scores from the gradebook, with manual grades and late penalties."
        if waiting:
            source += f" Students without a score yet, and left out: {waiting}."
    else:
        shares = [
            sum(result.points for result in each.results.values())
            / sum(result.max_points for result in each.results.values())
            for each in everyone
            if each.results
        ]
        source = f"Points of the judge, before manual grades and late penalties: {missing}."
    if not shares:
        return {"source": source, "chart": None}
    chart = charts.histogram(shares, "How many students have which score")
    fullest = max(range(10), key=chart.counts.__getitem__)
    return {
        "source": source,
        "chart": chart,
        "count": len(shares),
        "mean": statistics.fmean(shares),
        "median": statistics.median(shares),
        "lowest": min(shares),
        "highest": max(shares),
        "fullest": (fullest * 10, fullest * 10 + 10, chart.counts[fullest]),
    }


def _item_charts(
    items: Sequence[Item], titles: Mapping[str, str]
) -> list[tuple[charts.Chart, str]]:
    """Return the drawings of difficulty and discrimination, each with what it shows in words."""
    hardest = min(items, key=lambda item: item.difficulty)
    easiest = max(items, key=lambda item: item.difficulty)
    labels = {item.name: titles.get(item.name, item.name).replace("`", "") for item in items}
    difficulty = charts.bars(
        "Difficulty of each item",
        "mean share of the points (%); longer is easier",
        [
            (labels[item.name], percent(item.difficulty), item.difficulty * 100, None)
            for item in items
        ],
        100,
        range(0, 101, 25),
    )
    words = (
        f"The hardest is {labels[hardest.name]} ({percent(hardest.difficulty)} of its points were "
        f"earned), the easiest {labels[easiest.name]} ({percent(easiest.difficulty)})."
    )
    discrimination = charts.spans(
        "Discrimination of each item",
        "correlation with the rest (from −1 to 1)",
        [
            (
                labels[item.name],
                "not defined" if item.discrimination is None else signed(item.discrimination),
                item.discrimination,
                item.interval,
            )
            for item in items
        ],
    )
    signs = Counter(
        "not defined"
        if item.discrimination is None
        else "below 0"
        if item.discrimination < 0
        else "at least 0.2"
        if item.discrimination >= 0.2
        else "from 0 to 0.2"
        for item in items
    )
    counted = "; ".join(f"{kind}: {count}" for kind, count in sorted(signs.items()))
    return [(difficulty, words), (discrimination, f"How many items are {counted}.")]


def _time_chart(slowest: Sequence[Entry]) -> charts.Chart:
    high = max(max(each.seconds, each.cpu or 0) for each in slowest)
    ticks = charts.round_ticks(max(high, 0.1))
    return charts.bars(
        "Time of the slowest submissions",
        "seconds",
        [(each.student, duration(each.seconds), each.seconds, each.cpu) for each in slowest],
        ticks[-1],
        ticks,
    )
