"""The figures of sweeps in a browser: they judge each rate as its record does, and name what they show."""

import base64
import json
from pathlib import Path

import pytest

from lrlab import runs
from lrlab.figures import optimizer_us, schedule_builder, u_curve
from lrlab.interactive import bundle

PAGE = """<body><div id="host"></div><script type="module">
  import figure from "data:text/javascript;base64,%s";
  figure.render({ model: { get: () => (%s) }, el: document.getElementById("host") });
</script>"""


@pytest.fixture(autouse=True)
def in_the_root(monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[3])


@pytest.fixture
def draw(browser):
    """Return a function that opens a page with one figure, all its rates revealed."""
    pages, faults = [], []

    def open_one(name: str, state: dict):
        page = browser.new_page(viewport={"width": 1000, "height": 900})
        pages.append(page)
        page.on("pageerror", lambda error: faults.append(str(error)))
        source = base64.b64encode(bundle(name).encode()).decode()
        page.set_content(PAGE % (source, json.dumps(state)))
        page.get_by_role("button", name="Show all").click()
        return page

    yield open_one
    for page in pages:
        page.close()
    assert not faults


def verdicts(page) -> list[str]:
    """Move the slider over all rates, and return what is marked as right at each."""
    slider = page.get_by_role("slider")
    slider.press("Home")
    found = []
    for _ in range(int(slider.get_attribute("max")) + 1):
        found.append(page.locator("input[type=radio]:checked").get_attribute("value"))
        slider.press("ArrowRight")
    return found


def verdict(record, result: dict) -> str:
    low, high = record.good
    if result["learning_rate"] < low:
        return "too low"
    if result["learning_rate"] <= high:
        return "good"
    return "diverged" if result["diverged"] == len(record.seeds) else "unstable"


def expected(record) -> list[str]:
    return [verdict(record, result) for result in record.results]


def test_a_u_is_judged_as_its_record_says(draw):
    record = runs.load("mnist_sgd_u")
    page = draw("u_curve", u_curve.state(record))
    assert verdicts(page) == expected(record)
    assert set(expected(record)) == {"too low", "good", "unstable", "diverged"}
    assert page.get_by_text("training loss (nats, log scale)", exact=True).is_visible()
    assert "the best rate reaches 0.0723" in page.get_by_role("status").inner_text()


def test_each_of_five_us_is_judged_by_its_own_best_rate_and_named(draw):
    records = {name: runs.load(f"mnist_{name.lower()}_u") for name in optimizer_us.MARKS}
    page = draw("optimizer_us", optimizer_us.state(*records.values()))
    for name, record in records.items():
        page.get_by_role("combobox").select_option(label=name)
        assert verdicts(page) == expected(record)
        title = f"{name}: training loss (nats, log scale)"
        assert page.get_by_text(title, exact=True).is_visible()
        assert page.get_by_role("status").inner_text().startswith("Learning rate")


def test_a_schedule_is_judged_as_its_state_says_and_no_seed_is_clipped(draw):
    records = [runs.load(run) for run in schedule_builder.RUNS.values()]
    state = schedule_builder.state(*records)
    page = draw("schedule_builder", state)
    cosine = next(each for each in state["schedules"] if each["name"] == "cosine")
    assert verdicts(page) == [each["outcome"] for each in cosine["results"]]
    ends = page.get_by_role("img", name="Test loss at the end")
    width = float(ends.get_attribute("width"))
    places = ends.locator("circle").evaluate_all("dots => dots.map((dot) => dot.cx.baseVal.value)")
    assert len(places) == 8 * 4 * 20  # a fifth peak is lost, and is a cross
    assert 0 < min(places) and max(places) < width
    assert len({*places}) > 500  # a dot at the edge would share its place with others
