"""Plain data across the boundary: what is sent arrives, what is hostile is refused."""

import base64
import json
import math

import numpy as np
import pytest
import torch

from autograder.judge import wire
from autograder.judge.verdict import StudentFailure


@pytest.mark.parametrize("value", [None, True, 3, 0.5, "text", [1, [2.5, None]], {"a": {0: 2.5}}])
def test_plain_values_survive(value):
    assert wire.decode(json.loads(json.dumps(wire.encode(value)))) == value


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.int64, torch.bool])
def test_tensors_survive_bit_by_bit(dtype):
    tensor = (torch.randn(2, 3) * 4).to(dtype)
    received = wire.decode(json.loads(json.dumps(wire.encode(tensor))))
    assert received.dtype == dtype
    assert torch.equal(received, tensor)


def test_nan_and_infinity_survive():
    assert math.isnan(wire.decode(wire.encode(math.nan)))
    assert wire.decode(wire.encode(-math.inf)) == -math.inf


def test_only_plain_data_is_sent():
    with pytest.raises(TypeError, match="object is not plain data"):
        wire.encode(object())


def array(**changes):
    """Return a sound array document with some fields changed."""
    content = base64.b64encode(np.zeros(4, "float32").tobytes()).decode()
    return {"$": "array", "dtype": "float32", "shape": [2, 2], "bytes": content, **changes}


def nested(depth):
    """Return lists within lists."""
    value = 0
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "document",
    [
        array(shape=[2, 3]),
        array(shape=[-2, -2]),
        array(shape=[2.0, 2.0]),
        array(shape=[True, 4]),
        array(shape=[1] * 20 + [4]),
        array(shape={"2": 2}),
        array(shape=None),
        array(shape=[2**40, 2**40]),
        array(dtype="object"),
        array(dtype=["float32"]),
        array(bytes="not base64!"),
        array(bytes=7),
        {"$": "array"},
        {"$": "pickle", "bytes": "gASVAAAA"},
        {"no": "tag"},
        {"$": "dict", "items": [[[1], 2]]},
        {"$": "dict", "items": [1]},
        {"$": "float", "value": "1e9999"},
        {"$": ["float"]},
        10**40,
        nested(50),
        [0] * 300_000,
    ],
)
def test_hostile_documents_are_refused(document):
    with pytest.raises(StudentFailure):
        wire.decode(document)


def test_a_bool_array_holds_nothing_but_booleans():
    document = array(dtype="bool", bytes=base64.b64encode(bytes([0, 1, 7, 255])).decode())
    assert wire.decode(document).tolist() == [[False, True], [True, True]]
