"""The door between a check and a submission.

A check asks for a variable's value, or for what a function returns for arguments that the check
chose. It gets plain, checked data or a ``StudentFailure`` whose sentence is for the student.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from autograder.judge import wire
from autograder.judge.door import Door
from autograder.judge.verdict import StudentFailure


@dataclass(frozen=True)
class Reply:
    """What a call gave back: its value, and the weights of each model argument afterwards."""

    value: object
    weights: list[dict[str, torch.Tensor]]


class Student:
    """One submission, seen through its door.

    seed: chooses the arguments of this submission, the same at every grading.
    ids: the student's id, as nbgrader knows it, and others that are the same person's.
    """

    def __init__(self, door: Door, seed: int, ids: Sequence[str]) -> None:
        self.ids = tuple(ids)
        self._door = door
        self._seed = seed

    def generator(self, purpose: str) -> torch.Generator:
        """Return random numbers for ``purpose``: the same submission, the same numbers."""
        mixed = (self._seed * 1_000_003 + zlib.crc32(purpose.encode())) % 2**63
        return torch.Generator().manual_seed(mixed)

    def variable(self, name: str) -> object:
        """Return the value of the student's variable ``name`` as plain data."""
        return self._ask({"op": "variable", "name": name}, f"`{name}`").value

    def call(self, name: str, *arguments: object) -> Reply:
        """Call the student's function ``name`` with plain values, tensors or ``wire.Model``."""
        encoded = [wire.encode(argument) for argument in arguments]
        models = [argument for argument in arguments if isinstance(argument, wire.Model)]
        question = {"op": "call", "name": name, "arguments": encoded}
        return self._ask(question, f"`{name}`", models)

    def _ask(self, question: dict, called: str, models: list[wire.Model] | None = None) -> Reply:
        reply = self._door.ask(question)
        if reply.get("ok") is not True:
            raise StudentFailure(_problem(reply, called))
        return Reply(wire.decode(reply.get("value")), _weights(reply.get("models"), models or []))


def _problem(reply: dict, called: str) -> str:
    """Return the sentence for a question that the student's process could not answer."""
    detail = str(reply.get("detail"))[:400]
    sentences = {
        "missing": f"{called} does not exist after your notebook has run from top to bottom",
        "not callable": f"{called} should be a function, but it is of type {detail}",
        "error": f"{called} stopped with an error: {detail}",
    }
    return sentences.get(reply.get("problem"), f"{called} could not be read")


def _weights(sent: object, models: list[wire.Model]) -> list[dict[str, torch.Tensor]]:
    """Return the weights that came back, after checking that they fit the models that were sent."""
    if not isinstance(sent, list) or len(sent) != len(models):
        raise StudentFailure("your process sent an answer that could not be read")
    received = []
    for state, model in zip(sent, models, strict=True):
        if not isinstance(state, dict) or state.keys() != model.weights.keys():
            raise StudentFailure("your function added weights to the model or removed some")
        tensors = {name: wire.decode_array(state[name]) for name in model.weights}
        for name, before in model.weights.items():
            if tensors[name].shape != before.shape or tensors[name].dtype != before.dtype:
                raise StudentFailure(f"your function changed the shape or type of `{name}`")
        received.append(tensors)
    return received
