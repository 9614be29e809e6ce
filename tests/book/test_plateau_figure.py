"""The curve that can be dragged, in a browser without the site: its pointer, its keys."""

import functools
import http.server
import json
import math
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Page

FIGURES = Path(__file__).parents[2] / "book" / "figures"
STATE = {
    "data": "test data",
    "factor": 0.1,
    "patiences": list(range(11)),
    "curves": [
        {"name": "dip", "learning_rate": 0.01, "loss": [2.0, 1.5, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7]},
        {"name": "falls", "learning_rate": 0.1, "loss": [2.0, 1.8, 1.6, 1.4]},
    ],
}
PAGE = """<!doctype html><link rel="stylesheet" href="/lrlab.css"><link rel="icon" href="data:,">
<body><div id="host"></div><script type="module">
  import plateau from "/plateau.mjs";
  plateau.render({ model: { get: () => (%s) }, el: document.getElementById("host") });
</script>"""


class _Figures(http.server.SimpleHTTPRequestHandler):
    """The folder of figures, and one page that shows the figure."""

    extensions_map = {".mjs": "text/javascript", ".css": "text/css"}  # noqa: RUF012

    def do_GET(self):
        if self.path != "/":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((PAGE % json.dumps(STATE)).encode())

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def figure_address():
    handler = functools.partial(_Figures, directory=str(FIGURES))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def page(browser, figure_address):
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(figure_address)
    page.locator(".lrlab-point").first.wait_for()
    yield page
    page.close()
    assert not faults


def reveal(page: Page, patience: int) -> str:
    """Choose a patience, predict "never", and return what the figure says."""
    slider = page.get_by_role("slider").first
    slider.press("Home")
    for _ in range(patience):
        slider.press("ArrowRight")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Reveal").click()
    return page.get_by_role("status").inner_text()


def drag(page: Page, point: int, down: float) -> None:
    box = page.locator(".lrlab-point").nth(point).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + down, steps=5)
    page.mouse.up()


def test_a_prediction_is_compared_with_the_rule(page):
    assert reveal(page, 2) == "No, once. The rate falls after epoch 6, from 0.01 to 0.001."
    assert reveal(page, 5).startswith("Yes, never. The longest wait for a better loss is 5 epochs")


def test_dragging_a_point_changes_when_the_rate_falls(page):
    reveal(page, 2)
    fell = page.locator(".lrlab-fell")
    assert fell.count() == 1
    drag(page, 4, 50)  # the fifth epoch is now the best: the rule waits again
    assert "after epoch 8" in page.get_by_role("status").inner_text()
    drag(page, 7, 250)
    assert fell.count() == 0
    assert "The longest wait" in page.get_by_role("status").inner_text()


def test_a_thumb_near_a_point_drags_it_and_does_not_scroll(browser, figure_address):
    context = browser.new_context(viewport={"width": 390, "height": 500}, has_touch=True)
    page = context.new_page()
    page.goto(figure_address)
    page.locator(".lrlab-point").first.wait_for()
    box = page.locator(".lrlab-point").nth(4).bounding_box()
    x, y = box["x"] + 12, box["y"] + 16  # beside it
    before = page.locator(".lrlab-validation").get_attribute("d")
    send = context.new_cdp_session(page).send
    for kind, down in (("touchStart", 0), *(("touchMove", -10 * k) for k in range(1, 9))):
        at = [{"x": x, "y": y + down}]
        send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
    send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert page.evaluate("scrollY") == 0
    assert page.locator(".lrlab-validation").get_attribute("d") != before
    context.close()


def test_a_press_beside_the_points_moves_nothing(page):
    before = page.locator(".lrlab-validation").get_attribute("d")
    box = page.locator(".lrlab-drawing svg").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 40, box["y"] + box["height"] - 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 40, box["y"] + 60, steps=3)
    page.mouse.up()
    assert page.locator(".lrlab-validation").get_attribute("d") == before


def test_the_keyboard_moves_a_point_and_puts_the_curve_back(page):
    reveal(page, 2)
    page.locator(".lrlab-edit summary").press("Enter")
    place = page.get_by_role("slider", name="Epoch")
    height = page.get_by_role("slider", name="Loss")
    back = page.get_by_role("button", name="Put the curve back")
    assert back.is_disabled()
    place.press("Home")
    for _ in range(4):
        place.press("ArrowRight")
    assert place.get_attribute("aria-valuetext") == "epoch 5"
    height.press("Home")
    assert math.isclose(float(height.get_attribute("aria-valuetext").split()[1]), 1.08)
    assert "after epoch 8" in page.get_by_role("status").inner_text()
    back.press("Enter")
    assert "after epoch 6" in page.get_by_role("status").inner_text()
    assert back.is_disabled()


def test_each_curve_keeps_what_was_revealed_of_it(page):
    reveal(page, 2)
    dots = page.locator(".lrlab-dot")
    assert dots.count() == 2
    page.get_by_role("combobox").select_option("1")
    assert dots.count() == 1
    assert page.locator(".lrlab-point").count() == 4
    page.get_by_role("combobox").select_option("0")
    assert dots.count() == 2
