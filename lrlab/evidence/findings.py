"""What the recorded runs on MNIST say: of first steps, U's, optimizers and schedules.

Each function below reads one ``Finding`` out of one or several records. ``lrlab.evidence.claims`` says what
is claimed, by whom, and when it counts as reproduced.
"""

import math

from lrlab.evidence import Finding, mean_and_spread
from lrlab.runs.summary import spread

GRID_STEP = 2.2  # neighbouring rates of a recorded sweep differ by about this factor


def at(record: dict, rate: float) -> dict:
    """Return the result of a record at one learning rate."""
    (found,) = (each for each in record["results"] if each["learning_rate"] == rate)
    return found


def loss(record: dict, rate: float) -> float:
    """Return the mean test loss at one rate."""
    return at(record, rate)["test_loss"]["mean"]


def best_loss(record: dict) -> dict:
    """Return the test loss, as a spread, at a record's best rate."""
    return at(record, record["best"])["test_loss"]


def good_width(record: dict) -> float:
    """Return the highest good rate over the lowest."""
    low, high = record["good"]
    return high / low


def largest_stable(record: dict) -> float:
    """Return the highest rate below the first at which a seed diverged."""
    stable = record["learning_rates"][0]
    for result in record["results"]:
        if result["diverged"]:
            break
        stable = result["learning_rate"]
    return stable


def apart(one: dict, other: dict) -> float:
    """Return by how many of their joint standard errors the mean of ``one`` lies below ``other``."""
    error = math.hypot(*(each["std"] / math.sqrt(len(each["values"])) for each in (one, other)))
    return (other["mean"] - one["mean"]) / error


def initial_loss(first: dict) -> Finding:
    """The loss before any step, against ln 10."""
    before = at(first, 0.01)["loss_before"]
    return Finding(mean_and_spread(before), {"off": before["mean"] - math.log(10)})


def first_order(first: dict) -> Finding:
    """How much further three times the rate lowers the loss."""
    falls = {}
    for rate in (0.01, 0.03):
        before, after = (at(first, rate)[key]["values"] for key in ("loss_before", "loss_after"))
        falls[rate] = [start - end for start, end in zip(before, after, strict=True)]
    factors = spread([high / low for low, high in zip(falls[0.01], falls[0.03], strict=True)])
    text = f"{mean_and_spread(factors, 2)}, from 0.01 to 0.03"
    return Finding(text, {"factor": factors["mean"]})


def update_ratio(first: dict, sgd: dict) -> Finding:
    """The first update over the weights, at the recorded rate next to the best one."""
    rates = first["learning_rates"]
    near_best = min(rates, key=lambda rate: abs(math.log(rate / sgd["best"])))
    ratio = at(first, near_best)["update_ratio"]
    tenth = at(first, 0.01)["update_ratio"]["mean"]
    text = f"{mean_and_spread(ratio)} at {near_best:g}, next to the best rate; {tenth:.4f} at 0.01"
    return Finding(text, {"at_best": ratio["mean"], "at_0.01": tenth, "loss": loss(sgd, 0.01)})


def u_shape(sgd: dict) -> Finding:
    """The left arm, the bottom and the right arm."""
    rates, best = sgd["learning_rates"], sgd["best"]
    left = [loss(sgd, rate) for rate in rates if rate <= best]
    lowest, right = left[-1], loss(sgd, rates[-1])
    numbers = {
        "left_falls": float(left == sorted(left, reverse=True)),
        "inside": float(rates[0] < best < rates[-1]),
        "right_arm": right / lowest,
    }
    text = f"{left[0]:.2f} at {rates[0]:g}, {lowest:.3f} at {best:g}, {right:.2f} at {rates[-1]:g}"
    return Finding(text, numbers)


def good_regions(*us: dict) -> Finding:
    """The widths of the good regions of several optimizers."""
    widths = [good_width(each) for each in us]
    text = f"the good regions of {len(us)} optimizers span factors of {min(widths):.2g} to "
    return Finding(text + f"{max(widths):.2g}", {"narrowest": min(widths)})


def below_the_cliff(*us: dict) -> Finding:
    """The largest stable rate over the best one."""
    factors = [round(largest_stable(each) / each["best"], 2) for each in us]
    words = ", ".join(
        f"{optimizer(each)} {factor:.2g}" for each, factor in zip(us, factors, strict=True)
    )
    return Finding(f"factors: {words}", {"least": min(factors), "most": max(factors)})


def half_is_too_high(*us: dict) -> Finding:
    """How many seeds diverge at the highest recorded rate up to 0.5."""
    words, parts = [], []
    for each in us:
        rate = max(rate for rate in each["learning_rates"] if rate <= 0.5)
        seeds, diverged = len(each["seeds"]), at(each, rate)["diverged"]
        words.append(f"{optimizer(each)} at {rate:g}: {diverged} of {seeds} diverged")
        parts.append(diverged / seeds)
    return Finding("; ".join(words), {"least": min(parts), "most": max(parts)})


def lower_to_a_hundredth(*us: dict) -> Finding:
    """The loss at 0.01 over the loss at 0.1."""
    factors = [loss(each, 0.01) / loss(each, 0.1) for each in us]
    words = ", ".join(
        f"{optimizer(each)} {factor:.2g}" for each, factor in zip(us, factors, strict=True)
    )
    return Finding(
        f"loss at 0.01 over loss at 0.1: {words}", {"least": min(factors), "most": max(factors)}
    )


def default_of_a_thousandth(u: dict) -> Finding:
    """The loss at 0.001 over the lowest."""
    factor = loss(u, 0.001) / best_loss(u)["mean"]
    text = f"{factor:.2f} times the lowest loss; the best rate is {u['best']:g}"
    return Finding(text, {"factor": factor})


def folklore_rate(adam: dict) -> Finding:
    """How far 3e-4 is from Adam's best rate, and what its neighbours lose."""
    below = max(rate for rate in adam["learning_rates"] if rate <= 3e-4)
    above = min(rate for rate in adam["learning_rates"] if rate >= 3e-4)
    lowest = best_loss(adam)["mean"]
    losses = [loss(adam, rate) / lowest for rate in (above, below)]
    text = f"best at {adam['best']:g}; {above:g} and {below:g} end at {losses[0]:.1f} and "
    return Finding(
        text + f"{losses[1]:.1f} times the lowest loss",
        {"rates": max(adam["best"] / 3e-4, 3e-4 / adam["best"]), "losses": min(losses)},
    )


def momentum_on_the_left(sgd: dict, momentum: dict) -> Finding:
    """The loss with momentum at a tenth of the rate, over the loss of plain SGD."""
    ratios = []
    for rate in (each for each in sgd["learning_rates"] if each < sgd["best"]):
        tenth = min(momentum["learning_rates"], key=lambda other: abs(math.log(other * 10 / rate)))
        ratios.append(loss(momentum, tenth) / loss(sgd, rate))
    text = f"loss ratios of {min(ratios):.2f} to {max(ratios):.2f} at {len(ratios)} rates"
    return Finding(text, {"least": min(ratios), "most": max(ratios)})


def momentum_at_the_bottom(sgd: dict, momentum: dict) -> Finding:
    """The best rate of plain SGD over the best one with momentum."""
    factor = sgd["best"] / momentum["best"]
    return Finding(f"{factor:.2g}, on a grid in steps of {GRID_STEP:g}", {"factor": factor})


def special_case(sgd: dict, momentum: dict) -> Finding:
    """Tuned momentum against tuned plain SGD."""
    plain, general = best_loss(sgd), best_loss(momentum)
    text = f"momentum {mean_and_spread(general)}, SGD {mean_and_spread(plain)}"
    return Finding(text, {"worse_by": -apart(general, plain)})


def robustness(sgd: dict, adam: dict) -> Finding:
    """The width of Adam's good region over SGD's."""
    widths = good_width(adam), good_width(sgd)
    text = f"Adam's good region spans a factor of {widths[0]:.2g}, SGD's {widths[1]:.2g}"
    return Finding(text, {"wider": widths[0] / widths[1]})


def generalisation(*us: dict) -> Finding:
    """The best test accuracy of SGD, with and without momentum, and of the adaptive ones."""
    accuracy = {optimizer(each): at(each, each["best"])["test_accuracy"]["mean"] for each in us}
    plain = max(accuracy["SGD"], accuracy["momentum"])
    adaptive = max(value for name, value in accuracy.items() if name not in ("SGD", "momentum"))
    text = f"best test accuracy: SGD and momentum {plain:.1%}, adaptive {adaptive:.1%}"
    return Finding(text, {"ahead": plain - adaptive})


def against_constant(constant: dict, other: dict) -> Finding:
    """A schedule at its best peak, against the constant rate at its best."""
    ours, flat = best_loss(other), best_loss(constant)
    name = other["experiment"]["schedule"].replace("_", "-")
    text = f"{name} {mean_and_spread(ours)}, constant {mean_and_spread(flat)}"
    return Finding(text, {"lower_by": apart(ours, flat)})


def fewer_steps(constant: dict, other: dict) -> Finding:
    """The same, and when the schedule's training loss gets to where the constant rate's ends."""
    compared = against_constant(constant, other)
    reached = steps_to(other, curve_of(constant)["mean"][-1])
    share = reached / constant["steps"][-1]
    text = f"{compared.text}; its last training loss is reached after {share:.0%} of the steps"
    return Finding(text, {**compared.numbers, "share": share})


def cooldown_and_cosine(cosine: dict, rest: dict) -> Finding:
    """Warm-up, stable, decay against the cosine, each at its best peak."""
    wave, flat = best_loss(cosine), best_loss(rest)
    text = f"cooldown {mean_and_spread(flat)}, cosine {mean_and_spread(wave)}"
    return Finding(text, {"factor": flat["mean"] / wave["mean"], "lower_by": apart(flat, wave)})


def curve_of(record: dict) -> dict:
    """Return the training loss of a record at its best rate."""
    return at(record, record["best"])["train_loss"]


def steps_to(record: dict, level: float) -> float:
    """Return the first recorded step at which the training loss is at most ``level``."""
    for step, value in zip(record["steps"], curve_of(record)["mean"], strict=True):
        if value is not None and value <= level:
            return step
    return math.inf


def optimizer(record: dict) -> str:
    """Return the name of a record's optimizer; momentum is named apart from plain SGD."""
    experiment = record["experiment"]
    has_momentum = experiment["optimizer_options"].get("momentum")
    return "momentum" if has_momentum else experiment["optimizer"]
