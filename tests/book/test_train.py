"""The network that a page trains: from the click to the reader's dot, in the built site.

Whether its arithmetic is PyTorch's, `test_training` says.
"""

import math
import re

import pytest
from playwright.sync_api import expect

from lrlab import runs

PAGE = "06_adaptive_optimizers.html"
RECORD = runs.load("page_sgd_u")
# Twenty recorded seeds do not hold every seed: the range from the lowest to the highest, on the log
# axis, is widened by a quarter of it on either side.
MARGIN = 0.25
PATIENCE = 120_000  # milliseconds, of a machine with other things to do


@pytest.fixture(scope="module")
def page(visitor):
    """One page with the figure, opened once; it keeps what its figure tells of each run."""
    page = visitor.open(PAGE)
    page.set_default_timeout(PATIENCE)
    page.evaluate(
        """() => document.addEventListener("lrlab:trained", ({ detail }) => {
             (globalThis.trained ??= []).push(detail);
           })"""
    )
    yield page
    page.context.close()


def figure_of(page):
    return page.locator("[data-module=train]")


def asked(page) -> list[str]:
    """What the page has loaded for training, from its first request on."""
    return page.evaluate(
        """() => performance.getEntriesByType("resource")
             .map(({ name }) => name.split("/").at(-1)).filter((name) => name.startsWith("train"))"""
    )


def start(page, rate: float, guess: str = "near the best") -> None:
    figure = figure_of(page)
    figure.get_by_label("Learning rate, as a number").fill(str(rate))
    figure.get_by_label(guess).check()
    figure.get_by_role("button", name="Train").click()


def result(page) -> str:
    """Wait for the end of the run; return what the figure says of it."""
    answer = figure_of(page).get_by_role("status")
    expect(answer).to_contain_text(re.compile("Run . took"), timeout=PATIENCE)
    return answer.inner_text()


def test_it_asks_for_a_prediction_and_loads_nothing_before_the_click(page, watched):
    figure = figure_of(page)
    figure.get_by_role("button", name="Train").click()
    expect(figure.get_by_role("status")).to_have_text("Choose a prediction first, then train.")
    figure.get_by_label("Learning rate, as a number").fill("-1")
    figure.get_by_role("button", name="Train").click()
    expect(figure.get_by_role("status")).to_contain_text("a number above zero")
    assert asked(page) == []
    assert figure.locator(".lrlab-dot").count() == 0  # the record is not given away


def test_a_run_falls_from_guessing_to_a_dot_on_the_recorded_u(page, watched):
    start(page, 0.1)
    figure = figure_of(page)
    expect(figure.get_by_role("status")).to_have_text(
        "Training: 93 steps with SGD at 0.1, seed 20."
    )
    mode = page.evaluate("document.documentElement.dataset.mode")
    page.get_by_role("button", name="color mode").first.click()  # the page answers meanwhile
    assert page.evaluate("document.documentElement.dataset.mode") != mode
    expect(figure.get_by_role("button", name="Stop")).to_be_visible()
    said = result(page)

    assert asked(page) == ["train_worker.js", "train_images.js"]

    (run,) = page.evaluate("globalThis.trained")
    values = [math.log(value) for value in RECORD.at(0.1)["test_loss"]["values"]]
    spare = MARGIN * (max(values) - min(values))
    assert min(values) - spare <= math.log(run["loss"]) <= max(values) + spare
    assert not run["diverged"] and run["losses"][0] == pytest.approx(math.log(10), abs=0.1)
    assert len(run["losses"]) == 93 and sum(run["losses"][-10:]) / 10 < 1
    assert f"test loss {run['loss']:.3g}" in said and "Recorded at 0.1: Test loss" in said
    assert figure.locator(".lrlab-dot").count() == len(RECORD.learning_rates)
    assert figure.locator(".lrlab-own:not(.lrlab-hollow)").count() == 1
    row = figure.get_by_role("row").nth(1)
    expect(row).to_contain_text("SGD at 0.1, seed 20")


def test_a_recorded_seed_ends_where_it_ended_in_the_record(page, watched):
    figure = figure_of(page)
    figure.locator("summary", has_text="More").click()
    figure.get_by_role("spinbutton", name="Seed").fill("0")
    start(page, 0.22)
    result(page)
    expect(figure.get_by_role("row")).to_have_count(3)
    run = page.evaluate("globalThis.trained")[-1]
    recorded = RECORD.at(0.22)["test_loss"]["values"][0]
    assert run["loss"] == pytest.approx(recorded, rel=0.05)


def test_another_optimizer_and_a_schedule_leave_a_hollow_diamond(page, watched):
    figure = figure_of(page)
    figure.get_by_label("Optimizer").select_option("Adam")
    figure.get_by_label("Schedule").select_option("warm-up, stable, decay")
    start(page, 0.01)
    assert "Recorded at 0.01, kept constant, with batches of 64: Test loss" in result(page)
    expect(figure.get_by_role("row").nth(1)).to_contain_text(
        "Adam at 0.01, warm-up, stable, decay, seed 0"
    )
    assert figure.locator(".lrlab-own").count() == 3
    assert figure.locator(".lrlab-hollow").count() == 1
    adam = runs.load("page_adam_u")
    assert page.evaluate("globalThis.trained.at(-1).loss") < 2 * adam.at(0.01)["test_loss"]["mean"]


def test_a_run_can_be_stopped(page, watched):
    figure = figure_of(page)
    start(page, 0.05)
    stop = figure.get_by_role("button", name="Stop")
    expect(stop).to_be_focused()
    page.wait_for_function("() => document.querySelector('[data-module=train] progress').value > 3")
    expect(figure.get_by_text(re.compile(r"^step \d+ of 93, about \d+ s left$"))).to_be_visible()
    stop.press("Enter")
    expect(figure.get_by_role("status")).to_have_text(
        re.compile(r"Stopped after \d+ of 93 steps, at a training loss of .*leaves no dot\.")
    )
    expect(figure.get_by_role("slider").first).to_be_focused()
    done = figure.locator("progress").evaluate("bar => bar.value")
    page.wait_for_timeout(300)  # in which a run that goes on would make more steps
    assert figure.locator("progress").evaluate("bar => bar.value") == done < 93
    assert figure.locator(".lrlab-own").count() == 3


def test_a_rate_too_high_diverges_though_its_loss_is_a_number(page, watched):
    figure = figure_of(page)
    figure.get_by_label("Optimizer").select_option("SGD")
    figure.get_by_label("Schedule").select_option("constant")
    assert RECORD.at(10.0)["diverged"] == len(RECORD.seeds)
    start(page, 10.0, "diverged")
    assert result(page).startswith("Yes, diverged. Run 4 took")
    run = page.evaluate("globalThis.trained.at(-1)")
    assert run["diverged"] and len(run["losses"]) == 93 and math.isfinite(run["loss"])
    assert figure.locator(".lrlab-own ~ .lrlab-cross").count() >= 1


def test_on_a_phone_and_from_a_folder_the_loss_is_on_the_screen_then_the_u(browser, site):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((site / PAGE).as_uri())
    figure = figure_of(page)
    figure.locator(".lrlab-view").wait_for()
    start(page, 0.1)
    running = figure.get_by_role("img", name=re.compile("for run 1, SGD at 0.1"))
    expect(running).to_be_in_viewport(ratio=1)
    assert result(page).startswith(("Yes, near the best: ", "No, clearly better: "))
    expect(figure.get_by_role("img", name="Test loss at the end")).to_be_in_viewport(ratio=1)
    page.close()


def test_it_says_what_is_missing_and_trains_once_that_is_there(browser, address):
    page = browser.new_page()
    page.route("**/train_images.js", lambda route: route.abort())
    page.goto(address + PAGE)
    page.locator("[data-module=train] .lrlab-view").wait_for()
    figure, answer = figure_of(page), figure_of(page).get_by_role("status")
    start(page, 1e6)
    expect(answer).to_contain_text("its images could not be loaded. Check that")
    page.unroute("**/train_images.js")
    page.evaluate("() => { [globalThis.kept, globalThis.Worker] = [Worker, undefined]; }")
    figure.get_by_role("button", name="Train").click()
    expect(answer).to_contain_text("This browser does not let a page train")
    page.evaluate("() => { globalThis.Worker = globalThis.kept; }")
    figure.get_by_role("button", name="Train").click()
    assert result(page).startswith("No, diverged. ")
    page.close()
