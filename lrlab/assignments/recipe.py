"""A recipe for the train-to-target lab, and the check that it can be trained.

A recipe is plain data, and the only thing that a student can change::

    {"optimizer": "SGD", "learning_rate": 0.1, "momentum": 0.9,
     "schedule": "cosine", "schedule_options": {"final": 0.1}, "epochs": 30}

Everything else is frozen here: the network, the first 192 training images of MNIST with their
pixels as they are, the loss, the batch size. What is handed in may come from anybody, so each entry
is checked for its type and bounds before anything is built from it.
"""

import inspect
import math

from lrlab import schedules
from lrlab.runs.experiment import Experiment

FROZEN = {"dataset": "mnist", "model": "SimpleCNN", "batch_size": 64}
TRAIN_SIZE = 192  # images: three batches, so an epoch is three steps
TEST_SIZE = 1000
MAX_EPOCHS = 100  # 300 steps: a few seconds on one core
OPTIMIZERS = ("SGD", "RMSprop", "Adam", "AdamW")
REQUIRED = ("optimizer", "learning_rate", "schedule", "epochs")
OPTIONAL = ("momentum", "schedule_options")
AUGMENTS = ("none", "shift")


class RecipeError(ValueError):
    """A recipe cannot be trained; the message says everything that is wrong with it."""


def experiment_of(recipe: object, *, may_augment: bool = False) -> tuple[Experiment, float]:
    """Return the frozen experiment with the recipe in it, and its learning rate.

    may_augment: whether the recipe may hold ``"augment": "shift"``, the stretch's one change.
    Raises RecipeError, with all that is wrong, when it is not a recipe that can be trained.
    """
    if not isinstance(recipe, dict):
        raise RecipeError("a recipe is a dictionary with " + ", ".join(REQUIRED))
    problems = _problems(recipe, may_augment)
    if problems:
        raise RecipeError("; ".join(problems))
    momentum = recipe.get("momentum", 0.0)
    frozen = Experiment(
        **FROZEN,
        train_size=TRAIN_SIZE,
        test_size=TEST_SIZE,
        optimizer=recipe["optimizer"],
        optimizer_options={"momentum": float(momentum)} if momentum else {},
        schedule=recipe["schedule"],
        schedule_options=dict(recipe.get("schedule_options", {})),
        epochs=recipe["epochs"],
        augment=recipe.get("augment", "none"),
    )
    _try_schedule(frozen)
    return frozen, float(recipe["learning_rate"])


def _problems(recipe: dict, may_augment: bool) -> list[str]:
    """Return every problem with the entries of a recipe, each as a part of a sentence."""
    allowed = (*REQUIRED, *OPTIONAL, *(("augment",) if may_augment else ()))
    found = [f"`{key}` is missing" for key in REQUIRED if key not in recipe]
    for key in recipe:
        if key == "augment" and not may_augment:
            found.append("`augment` changes the images, which this recipe may not")
        elif key not in allowed:
            found.append(f"{key!r} is not part of a recipe: {', '.join(allowed)} are")
    names = {"optimizer": OPTIMIZERS, "schedule": tuple(schedules.BY_NAME), "augment": AUGMENTS}
    for key, known in names.items():
        if key in recipe and key in allowed and recipe[key] not in known:
            found.append(f"`{key}` is {recipe[key]!r}; choose from {', '.join(known)}")
    if "learning_rate" in recipe and not _is_number(recipe["learning_rate"], 0, 10):
        found.append(
            f"`learning_rate` is {recipe['learning_rate']!r}; give a number above 0, up to 10"
        )
    epochs = recipe.get("epochs", 1)
    if type(epochs) is not int or not 1 <= epochs <= MAX_EPOCHS:
        found.append(f"`epochs` is {epochs!r}; give a whole number from 1 to {MAX_EPOCHS}")
    momentum = recipe.get("momentum", 0)
    if type(momentum) not in (int, float) or not 0 <= momentum < 1:
        found.append(f"`momentum` is {momentum!r}; give a number from 0 to just below 1")
    elif momentum and recipe.get("optimizer") not in ("SGD", "RMSprop"):
        found.append("`momentum` is a setting of SGD and RMSprop: leave it out")
    return found + _problems_of_options(recipe)


def _problems_of_options(recipe: dict) -> list[str]:
    """Return the problems with ``schedule_options``, when there are any."""
    options, schedule = recipe.get("schedule_options", {}), recipe.get("schedule")
    if not isinstance(options, dict):
        return [f"`schedule_options` is {options!r}; give a dictionary"]
    if not isinstance(schedule, str) or schedule not in schedules.BY_NAME:
        return []  # a problem that is reported already
    takes = inspect.signature(schedules.BY_NAME[schedule]).parameters.values()
    takes = {each.name: each for each in takes if each.name not in ("step", "total_steps")}
    found = []
    for key, value in options.items():
        numbers = value if isinstance(value, list) and len(value) <= MAX_EPOCHS else [value]
        if key not in takes:
            found.append(
                f"{schedule!r} has no setting {key!r}; it has {', '.join(takes) or 'none'}"
            )
        elif not all(type(number) in (int, float) for number in numbers):
            found.append(f"`{key}` is {value!r}; give a number, or a list of steps for milestones")
    needed = [key for key, each in takes.items() if each.default is each.empty]
    return found + [f"{schedule!r} needs `{key}`" for key in needed if key not in options]


def _try_schedule(frozen: Experiment) -> None:
    """Raise RecipeError unless the schedule gives a usable fraction at every step."""
    schedule = frozen.make_schedule()
    for step in range(frozen.total_steps()):
        try:
            fraction = schedule(step)
            sound = 0 <= fraction < math.inf
        except (ArithmeticError, TypeError, ValueError) as error:
            raise RecipeError(f"the schedule cannot be computed at step {step}: {error}") from None
        if not sound:
            raise RecipeError(f"the schedule gives {fraction!r} at step {step}")


def _is_number(value: object, low: float, high: float) -> bool:
    """Return whether ``value`` is a plain number above ``low`` and at most ``high``."""
    return type(value) in (int, float) and low < value <= high
