"""The cheat sheet: one page of paper, its rates from the records, its loop one that trains."""

import copy
import io
import math
import re
import runpy

import pypdf
import pytest
import starting_rates
import torch
from torch.nn.functional import cross_entropy
from torch.optim import SGD
from torch.optim.lr_scheduler import OneCycleLR

from lrlab import data, models
from lrlab.runs.record import load
from tests.book.test_pattern import BOOK

A4 = (595, 842)  # points


@pytest.fixture(scope="module")
def sheet(visitor):
    page = visitor.open("cheat_sheet.html")
    yield page
    page.context.close()


def test_it_is_one_page_of_paper(sheet):
    printed = pypdf.PdfReader(io.BytesIO(sheet.pdf(format="A4", prefer_css_page_size=True)))
    assert len(printed.pages) == 1
    box = printed.pages[0].mediabox
    assert (round(box.width), round(box.height)) == pytest.approx(A4, abs=2)
    text = " ".join(printed.pages[0].extract_text().split())
    for words in ("Cheat sheet", "return kept", "Adam", "Blaming the rate", "All mistakes"):
        assert words in text, words


def test_no_line_of_its_loop_ends_at_the_edge(sheet):
    sheet.emulate_media(media="print")
    sheet.set_viewport_size({"width": 672, "height": 1000})  # 178 mm
    assert sheet.evaluate(
        "[...document.querySelectorAll('pre')].every(it => it.scrollWidth <= it.clientWidth)"
    )
    sheet.emulate_media(media="screen")


def test_it_starts_at_a_rate_that_is_best_on_both_sets_of_images(sheet):
    rows = sheet.locator("table.starting-rates tbody tr").all_inner_texts()
    assert len(rows) == len(starting_rates.OPTIMIZERS)
    for row, name in zip(rows, starting_rates.OPTIMIZERS, strict=True):
        rate = float(row.split("\t")[1].split(":")[-1])
        for images in ("mnist", "cifar"):
            record = load(f"{images}_{name}_u")
            assert rate in record.best_rates and record.at(rate)["diverged"] == 0


def test_its_loop_trains_and_keeps_the_best_epoch(tmp_path, capsys):
    sheet = (BOOK / "cheat_sheet.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.+?)```", sheet, re.DOTALL)
    (tmp_path / "loop.py").write_text(code, encoding="utf-8")
    known = {each.__name__: each for each in (SGD, OneCycleLR, cross_entropy, copy, math)}
    train = runpy.run_path(str(tmp_path / "loop.py"), init_globals=known)["train"]

    digits = data.mnist()[0].first(1280)
    batches = [
        (digits.images[at : at + 64], digits.labels[at : at + 64]) for at in range(0, 1280, 64)
    ]
    held_out = iter([2.0, 1.0, 3.0])  # the second epoch is the best
    after = []

    def validate(model):
        after.append(copy.deepcopy(model.state_dict()))
        return next(held_out)

    torch.manual_seed(0)
    capsys.readouterr()
    kept = train(models.SimpleCNN(), batches, validate, peak=0.05, epochs=3)
    assert all(torch.equal(kept[name], after[1][name]) for name in kept)
    losses = [float(line.split()[1]) for line in capsys.readouterr().out.splitlines()]
    assert len(losses) == 3 and losses[-1] < 1  # guessing: 2.3
