"""The figures on the built pages: their labels, their panels on a phone, their links and tables."""

import re
from pathlib import Path

import numpy
import pytest

from lrlab import runs
from lrlab.figures import schedule_builder

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted(
    f"{path.stem}.html"
    for path in (ROOT / "book").glob("[0-9]*.ipynb")
    if "figures.show(" in path.read_text(encoding="utf-8")
)
WIDTHS = (1280, 390, 320)
# Every figure of a page at three places of its slider, for each item of its menu, under each of its
# tabs: pairs of texts in one chart that lie on each other, and texts that reach beyond the chart.
COLLISIONS = """() => {
  const found = new Set();
  let charts = 0;
  const look = (view) => {
    for (const svg of view.querySelectorAll(".lrlab-drawing svg[role=img]")) {
      charts += 1;
      const paper = svg.getBoundingClientRect();
      const texts = [...svg.querySelectorAll("text")].map((text) =>
        ({ text: text.textContent, box: text.getBoundingClientRect() }));
      texts.forEach(({ text, box }, k) => {
        if (box.left < paper.left - 1 || box.right > paper.right + 1 ||
            box.top < paper.top - 1 || box.bottom > paper.bottom + 1) found.add(`${text} is cut`);
        for (const other of texts.slice(k + 1)) {
          const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
          const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
          if (across > 1 && down > 4) found.add(`${text} on ${other.text}`); // 4: of air above a line
        }
      });
    }
  };
  for (const view of document.querySelectorAll(".lrlab-view:has(.lrlab-more)")) {
    const slider = view.querySelector("input[type=range]");
    const select = view.querySelector("select");
    const tabs = [...view.querySelectorAll("[role=tab]")].filter((tab) => tab.offsetParent);
    for (let item = 0; item < (select?.options.length ?? 1); item++) {
      if (select) { select.value = item; select.dispatchEvent(new Event("change")); }
      for (const part of [0, 0.4, 1]) {
        slider.value = Math.round(part * slider.max);
        slider.dispatchEvent(new Event("input"));
        for (const tab of tabs.length ? tabs : [null]) { tab?.click(); look(view); }
      }
    }
  }
  return { charts, faults: [...found] };
}"""


# Matplotlib draws a text as outlines, in a group of its own, with the text as a comment.
PICTURE = """() => {
  const texts = [...document.querySelectorAll("g[id^=text_]")].map((group) =>
    ({ text: [...group.childNodes].find((node) => node.nodeType === Node.COMMENT_NODE)?.data,
       box: group.getBoundingClientRect() })).filter(({ box }) => box.width);
  const near = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > -2 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > -2;
  return texts.flatMap((one, k) => texts.slice(k + 1)
    .filter((other) => near(one.box, other.box)).map((other) => `${one.text} at ${other.text}`));
}"""


@pytest.fixture(scope="module", params=CHAPTERS)
def chapter(request) -> str:
    """The name of a page with a figure."""
    return request.param


@pytest.fixture(scope="module")
def _page(visitor, chapter):
    page = visitor.open(chapter, width=390)
    yield page
    page.context.close()


@pytest.fixture
def page(_page, watched):
    """A page that the tests of a chapter share."""
    return _page


def first_view(page):
    return page.locator(
        "[data-module]:not([data-module=quiz], [data-module=train]) .lrlab-view"
    ).first


def hash_of(page) -> str:
    return page.evaluate("decodeURIComponent(location.hash)")


def test_on_a_phone_a_panel_and_the_slider_are_on_the_screen_together(page):
    page.set_viewport_size({"width": 390, "height": 844})
    view = first_view(page)
    drawing, slider = view.locator(".lrlab-drawing"), view.get_by_role("slider").first
    assert view.locator("svg[role=img]").count() == 1
    top = page.locator(".mode-strip").bounding_box()
    room = 844 - (top["height"] + 48)  # what sticks to the top of the page
    span = (
        slider.bounding_box()["y"] + slider.bounding_box()["height"] - drawing.bounding_box()["y"]
    )
    assert span < 0.75 * room
    page.set_viewport_size({"width": 320, "height": 640})
    for part in view.locator("input, select, button, .lrlab-value, [role=tab]").all():
        if part.is_visible():
            box = part.bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= 320
    box = slider.bounding_box()
    assert box["height"] >= 44 and box["width"] > 230
    value = view.locator(".lrlab-value").bounding_box()
    assert value["y"] + value["height"] <= box["y"] + 1


def test_no_label_lies_on_another_or_reaches_beyond_its_chart(page):
    for revealed in (False, True):
        if revealed:
            for button in page.get_by_role("button", name=re.compile("^Show all")).all():
                button.click()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            page.wait_for_timeout(50)  # until the figures have seen it
            found = page.evaluate(COLLISIONS)
            assert found["charts"] >= 3
            assert found["faults"] == [], f"{width} pixels wide"


def test_no_text_of_a_drawn_picture_comes_near_another(browser, site):
    page = browser.new_page()
    near = {}
    for path in sorted((site / "_images").glob("*.svg")):
        page.goto(path.as_uri())
        near[path.name] = page.evaluate(PICTURE)
    page.close()
    assert len(near) > 6 * len(CHAPTERS)
    assert {name: texts for name, texts in near.items() if texts} == {}


def test_tabs_answer_to_the_arrow_keys_and_go_where_there_is_room(open_page):
    page = open_page("02_too_low_too_high.html", width=390)
    view = first_view(page)
    first, second = view.get_by_role("tab").all()
    assert first.get_attribute("aria-selected") == "true"
    first.focus()
    page.keyboard.press("ArrowRight")
    assert second.get_attribute("aria-selected") == "true"
    assert second.evaluate("tab => tab === document.activeElement")
    panel = view.get_by_role("tabpanel")
    assert panel.get_attribute("aria-label") == second.inner_text()
    assert "Test loss" in panel.get_by_role("img").get_attribute("aria-label")
    page.keyboard.press("Home")
    assert "Training loss" in panel.get_by_role("img").get_attribute("aria-label")
    page.set_viewport_size({"width": 1280, "height": 900})
    view.get_by_role("tab").first.wait_for(state="hidden")
    assert view.get_by_role("img").count() == 2


def test_a_link_leads_to_the_view_and_gives_nothing_away(open_page):
    page = open_page("06_adaptive_optimizers.html")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view = first_view(page)
    view.get_by_role("combobox").select_option(label="Adam")
    view.get_by_role("slider").press("Home")
    view.get_by_role("button", name="Show all").click()
    page.wait_for_function("location.hash.includes('Adam')")
    assert hash_of(page) == "#see-it?optimizer_us=0.00001:Adam"
    assert page.evaluate("history.length") <= 2
    view.get_by_role("button", name="Copy link").click()
    view.get_by_text("Copied.").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url

    other = open_page(link.removeprefix(page.url.partition("06_")[0]))
    view = first_view(other)
    assert view.locator(".lrlab-value").inner_text() == "10⁻⁵"
    assert view.get_by_role("combobox").input_value() == "3"
    assert view.get_by_role("button", name="Show all").is_enabled()
    other.wait_for_function(
        "Math.abs(document.querySelector('.lrlab-view').getBoundingClientRect().top) < innerHeight"
    )


def test_two_figures_of_one_kind_keep_their_views_apart(browser, site, address):
    name = "02_too_low_too_high.html"
    text = (site / name).read_text(encoding="utf-8")
    host = re.search(
        '<div class="lrlab" data-module="u_curve">.*?</details></div></div>', text, re.DOTALL
    )
    page = browser.new_page()
    twice = text.replace(host[0], 2 * host[0])
    page.route(f"**/{name}", lambda route: route.fulfill(body=twice, content_type="text/html"))
    page.goto(f"{address}{name}#see-it?u_curve=0.1&u_curve-2=10")
    page.wait_for_function("document.querySelectorAll('.lrlab-value').length === 2")
    values = page.locator("[data-module=u_curve] .lrlab-value")
    page.wait_for_function("document.querySelectorAll('.lrlab-value')[1].textContent === '10'")
    assert values.all_inner_texts() == ["0.1", "10"]
    page.locator("[data-module=u_curve] [type=range]").last.press("Home")
    page.wait_for_function("location.hash === '#see-it?u_curve=0.1&u_curve-2=0.001'")
    page.close()


def test_a_section_is_where_it_was_and_a_wrong_address_changes_nothing(open_page):
    page = open_page("02_too_low_too_high.html#quiz")
    before = first_view(page).locator(".lrlab-value").inner_text()
    assert hash_of(page) == "#quiz"
    page.evaluate("location.hash = '#see-it?u_curve=high&nothing=1'")
    assert first_view(page).locator(".lrlab-value").inner_text() == before
    page.evaluate("location.hash = '#see-it?u_curve=0.2'")  # between two recorded rates
    page.wait_for_function("document.querySelector('.lrlab-value').textContent === '0.22'")


def test_the_address_works_from_a_folder(browser, site):
    page = browser.new_page()
    page.goto(f"{(site / '02_too_low_too_high.html').as_uri()}#see-it?u_curve=4.6")
    page.wait_for_function("document.querySelector('.lrlab-value')?.textContent === '4.6'")
    first_view(page).get_by_role("slider").press("End")
    page.wait_for_function("location.hash === '#see-it?u_curve=10'")
    page.close()


def test_the_numbers_are_those_that_were_revealed(open_page):
    page = open_page("02_too_low_too_high.html")
    view = first_view(page)
    view.get_by_text("The numbers").click()
    table = view.get_by_role("table")
    assert table.locator("th[scope=col]").count() == 6
    assert table.locator("th[scope=row]").all_inner_texts() == ["0.001"]
    assert "1 of 13 revealed; “Show all rates” adds the others" in table.inner_text()
    view.get_by_role("button", name="Show all").click()
    record = runs.load("mnist_sgd_u")
    rows = [row.split("\t") for row in table.locator("tbody").inner_text().splitlines()]
    assert [float(rate) for rate, *_ in rows] == record.learning_rates
    for (_, mean, low, high, *_), result in zip(rows, record.results, strict=True):
        values = result["test_loss"]["values"]
        if None not in values:
            shown = [float(cell) for cell in (mean, low, high)]
            assert shown == pytest.approx([numpy.mean(values), min(values), max(values)], rel=0.006)


def test_the_code_below_a_figure_opens_with_and_without_javascript(open_page):
    for script in (True, False):
        page = open_page("02_too_low_too_high.html", java_script_enabled=script)
        page.get_by_text("Show me the code").first.click()
        assert "def fit(" in page.locator(".lrlab-code pre").first.inner_text()


def test_the_page_hears_of_a_prediction(open_page):
    page = open_page("02_too_low_too_high.html")
    page.evaluate("addEventListener('lrlab:predicted', ({ detail }) => { window.heard = detail; })")
    view = first_view(page)
    view.get_by_role("radio").first.check()
    view.get_by_role("button", name="Reveal").click()
    heard = {"figure": "u_curve", "value": 0.01, "item": None, "right": True}
    assert page.evaluate("window.heard") == heard


def test_the_drawn_rate_is_that_of_the_schedule_at_every_step(open_page):
    page = open_page("08_schedules.html")
    view = first_view(page)
    for name, title in schedule_builder.TITLES.items():
        view.get_by_role("combobox").select_option(label=title)
        chart = view.get_by_role("img", name="The learning rate at every step")
        drawn = chart.evaluate(
            """svg => ({
              d: svg.querySelector(".lrlab-curve").getAttribute("d"),
              left: svg.querySelector(".lrlab-grid").x1.baseVal.value,
              right: svg.querySelector(".lrlab-grid").x2.baseVal.value,
              height: svg.viewBox.baseVal.height,
            })"""
        )
        corners = [list(map(float, part.split())) for part in drawn["d"][1:].split("L")]
        x, y = numpy.array(corners).T
        record = runs.load(schedule_builder.RUNS[name])
        total = record.steps[-1]
        schedule = record.schedule()
        fractions = [schedule(step) for step in range(total)]
        across = (
            drawn["left"] + 6 + numpy.arange(total) / total * (drawn["right"] - drawn["left"] - 12)
        )
        bottom, top = drawn["height"] - 44, 34
        levels = bottom - numpy.array(fractions) / 1.12 * (bottom - top)
        away = abs(numpy.interp(across, x, y) - levels)
        # Pixels; a step of a staircase takes a hair's breadth to fall.
        assert numpy.quantile(away, 0.99) < 2.5, name
