"""The door, with a real kernel behind it: questions, refusals, time limits, and death."""

import random
import time

import pytest
import torch
from jupyter_client import BlockingKernelClient
from jupyter_core.utils import run_sync

from autograder.fork_server import WARM, running
from autograder.grading.execution import PLACES
from autograder.judge.door import Door
from autograder.judge.fork import Fork
from autograder.judge.forks import Forks
from autograder.judge.student import Student
from autograder.judge.verdict import StudentFailure
from autograder.judge.wire import Model, Other
from autograder.sandbox import FORKS
from autograder.sandbox.limits import Limits
from autograder.sandbox.manager import SandboxManager
from autograder.submission.files import archive
from lrlab.models import SimpleCNN

NOTEBOOK = """
import os, random, time, torch

number, words, pair = 3, "seven", (1, 2.5)
table = {"a": [1, None], 2: float("nan")}
thing = object()
huge = 10**100
loud = torch.arange(6, dtype=torch.int32).reshape(2, 3)


def add(a, b):
    print("noise" * 1000)
    return a + b


def double(checkpoint):
    return {"weights": checkpoint["weights"][0] * 2}


def shift(model, by):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += by if parameter.grad is None else parameter.grad
    return model


def grow(model):
    model.extra = torch.nn.Linear(2, 2)


def fail():
    raise RuntimeError("no " * 1000)


def leave():
    raise SystemExit


def ask():
    return input("name? ")


def sleep():
    time.sleep(60)


def hold():
    while True:
        try:
            time.sleep(60)
        except KeyboardInterrupt:
            pass


def die():
    os._exit(1)


def chatter():
    import gc, socket

    for line in [each for each in gc.get_objects() if isinstance(each, socket.socket)]:
        if not line.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            line.sendall(b'{"ok": true, "value": 1, "models": []}\\n')


torch.set_num_threads(2)
torch.rand(400, 400) @ torch.rand(400, 400)  # has threads of its own from here on
random.seed(7)


def draw():
    return random.random()


def multiply():
    return float((torch.ones(400, 400) @ torch.ones(400, 400))[0, 0])


times = 0


def count():
    global times
    times += 1
    return times
"""


@pytest.fixture
def forks():
    """Forks of a kernel in a sandbox, in which the notebook above has run."""
    manager = SandboxManager()
    run_sync(manager.start_kernel)(
        files=archive([]),
        env=PLACES,
        limits=Limits(),
        address=running(WARM).address,
    )
    client = BlockingKernelClient(connection_file=manager.connection_file)
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    client.execute_interactive(NOTEBOOK, timeout=60)

    def evaluate(expression):
        wanted = {"pid": expression}
        return client.execute("", silent=True, user_expressions=wanted, reply=True, timeout=60)

    yield Forks(evaluate, manager.lease.waited, manager.provisioner.forks, FORKS)
    client.stop_channels()
    run_sync(manager.shutdown_kernel)(now=True)


@pytest.fixture
def door(forks):
    """A door that takes forks of that kernel."""
    door = Door(lambda: Fork(**forks.take()), forks.waited, seconds=2, patience=60)
    yield door
    door.close()


@pytest.fixture
def student(door):
    return Student(door, seed=5, ids=["ada"])


def weights(value):
    """Return weights for a SimpleCNN, all of them ``value``."""
    return {name: torch.full_like(each, value) for name, each in SimpleCNN().state_dict().items()}


def test_questions_and_answers(student):
    assert student.variable("number") == 3
    assert student.variable("words") == "seven"
    assert student.variable("pair") == [1, 2.5]
    assert student.variable("table")["a"] == [1, None]
    assert student.variable("thing") == Other("object")
    assert student.variable("huge") == Other("very large int")
    assert student.variable("loud").tolist() == [[0, 1, 2], [3, 4, 5]]
    assert student.call("add", torch.tensor([1.5]), 2).value.tolist() == [3.5]
    doubled = student.call("double", {"weights": {0: torch.tensor([1.5])}}).value
    assert doubled["weights"].tolist() == [3.0]
    refusals = {
        "missing": "`missing` does not exist",
        "number": "`number` should be a function, but it is of type int",
        "fail": "`fail` stopped with an error: RuntimeError: no no",
        "ask": "`ask` stopped with an error: EOFError",
        "leave": "`leave` stopped with an error: SystemExit",
    }
    for name, sentence in refusals.items():
        with pytest.raises(StudentFailure, match=sentence) as refusal:
            student.call(name)
        assert len(str(refusal.value)) < 600
    assert student.variable("number") == 3


def test_a_model_travels_as_weights(student):
    reply = student.call("shift", Model("SimpleCNN", weights(0.5)), 0.25)
    assert reply.value == Other("SimpleCNN")
    assert reply.weights[0].keys() == weights(0).keys()
    assert all(torch.all(each == 0.75) for each in reply.weights[0].values())
    reply = student.call("shift", Model("SimpleCNN", weights(0.5), weights(2.0)), 0.25)
    assert all(torch.all(each == 2.5) for each in reply.weights[0].values())
    with pytest.raises(StudentFailure, match="added weights to the model"):
        student.call("grow", Model("SimpleCNN", weights(0.5)))


def test_a_slow_function_is_stopped_and_the_next_question_is_answered(student):
    with pytest.raises(StudentFailure, match="took more than 2 s and was stopped"):
        student.call("sleep")
    assert student.variable("number") == 3


def test_a_function_that_catches_every_error_is_stopped_too(student):
    with pytest.raises(StudentFailure, match="took more than 2 s and was stopped"):
        student.call("hold")
    assert student.variable("number") == 3


def test_a_function_that_ends_its_process_costs_no_kernel(student):
    with pytest.raises(StudentFailure, match="ended its Python process"):
        student.call("die")
    assert student.variable("number") == 3


def test_questions_that_take_too_long_together_are_not_asked_any_more(forks):
    door = Door(lambda: Fork(**forks.take()), forks.waited, seconds=2, patience=1)
    student = Student(door, seed=5, ids=["ada"])
    with pytest.raises(StudentFailure, match="was stopped"):
        student.call("sleep")
    with pytest.raises(StudentFailure, match="took too long, all together"):
        student.variable("number")


def test_a_question_changes_nothing_for_the_next_item(door, student):
    assert student.call("count").value == 1
    assert student.call("count").value == 2
    door.close()
    assert student.call("count").value == 1


def test_an_answer_that_a_function_gives_itself_is_none(student):
    with pytest.raises(StudentFailure, match="an answer that could not be read"):
        student.call("chatter")
    assert student.variable("number") == 3


def test_a_fork_waits_for_a_judge_who_works_longer_than_a_question_may_take(student):
    assert student.call("count").value == 1
    time.sleep(4)
    assert student.call("count").value == 2


def test_a_fork_goes_on_with_the_students_seed_and_without_the_threads(student):
    assert student.call("draw").value == random.Random(7).random()
    assert student.call("multiply").value == 400


def test_nothing_of_the_bridge_stays_behind(student):
    student.variable("number")
    with pytest.raises(StudentFailure, match="does not exist"):
        student.variable("_answer")


def test_the_seed_decides_the_arguments():
    def draw(seed, purpose):
        return torch.rand(3, generator=Student(None, seed, ["ada"]).generator(purpose)).tolist()

    assert draw(1, "a") == draw(1, "a")
    assert draw(1, "a") != draw(2, "a")
    assert draw(1, "a") != draw(1, "b")
