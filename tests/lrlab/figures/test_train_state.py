"""The figure that trains: what it offers, in so little data that a page stays light."""

import json

import pytest

from lrlab import digits, runs, schedules
from lrlab.figures import train

SGD = runs.load("page_sgd_u")


def test_its_state_offers_what_the_records_hold():
    state = train.state(SGD, runs.load("page_adam_u"), rate=0.01, schedule=True)
    assert [each["name"] for each in state["optimizers"]] == ["SGD", "Adam"]
    assert (state["rate"], state["schedule"]) == (0.01, True)
    assert (state["images"], state["tests"]) == (digits.TRAIN, digits.TEST)
    assert (state["batch"], state["steps"]) == (64, 93)
    assert len(json.dumps(state)) < 20_000


def test_its_schedules_are_those_of_the_course():
    offered = {each["name"]: each["factors"] for each in train.state(SGD)["schedules"]}
    assert offered["constant"] == [1] * 93
    cosine = [schedules.cosine(step, total_steps=93) for step in range(93)]
    assert offered["cosine"] == pytest.approx(cosine, rel=1e-3)
    rests = offered["warm-up, stable, decay"]
    assert rests[0] == 0.2 and set(rests[4:74]) == {1} and rests[-1] < 0.1


def test_its_words_name_the_lowest_point_of_each_u():
    lowest = SGD.at(SGD.best)["test_loss"]["mean"]
    assert f"lowest for SGD at {SGD.best:g} with a test loss of {lowest:.2f}" in train.alt(SGD)


def test_a_kernel_sends_the_trainer_and_the_images_only_when_asked():
    sent = train.answers()["training"]()
    assert 'from "./' not in sent["source"] and sent["type"] == "module"
    assert sent["images"] == digits.pack()
