"""Answers the judge's questions from inside a fork of the student's kernel.

The text of this file is the first part of ``forks.TEXT``. It holds no check, no answer and no
secret. It must run alone: it imports nothing of ours but ``lrlab.models``, and torch just when a
question or an answer has a tensor.

A question is {"op": "variable", "name"}, {"op": "call", "name", "arguments"} or
{"op": "test", "source", "before"}. The answer is {"ok": true, "value", "models"}, the report of
``hidden_test``, or {"ok": false, "problem", "detail"}. ``wire`` is the other end.
"""

import base64
import importlib
import math
import sys

MAX_TEXT = 4_000
MAX_ITEMS = 100_000


def _encode(value, depth=0):
    """Return ``value`` as JSON data; what is not plain data becomes its type's name."""
    if depth > 8:
        return {"$": "other", "type": "deeply nested " + type(value).__name__}
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    if torch and isinstance(value, torch.Tensor):
        value = value.detach().to("cpu").contiguous()
        if value.dtype == torch.bfloat16:
            value = value.float()
        value = value.numpy()
    if numpy and isinstance(value, numpy.generic):
        value = value.item()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < 2**63 else {"$": "other", "type": "very large int"}
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {"$": "float", "value": str(float(value))}
    if isinstance(value, str):
        return str(value)[:MAX_TEXT]
    if numpy and isinstance(value, numpy.ndarray) and value.dtype.kind in "fiub":
        content = base64.b64encode(numpy.ascontiguousarray(value).tobytes()).decode("ascii")
        shape = list(value.shape)
        return {"$": "array", "dtype": str(value.dtype), "shape": shape, "bytes": content}
    if isinstance(value, (list, tuple, set, frozenset)) and len(value) <= MAX_ITEMS:
        return {"$": "list", "items": [_encode(item, depth + 1) for item in value]}
    if isinstance(value, dict) and len(value) <= MAX_ITEMS:
        items = [[_encode(key), _encode(item, depth + 1)] for key, item in value.items()]
        return {"$": "dict", "items": items}
    return {"$": "other", "type": type(value).__name__}


def _tensor(data):
    """Return the tensor that a raw array describes."""
    numpy, torch = importlib.import_module("numpy"), importlib.import_module("torch")
    array = numpy.frombuffer(base64.b64decode(data["bytes"]), dtype=data["dtype"])
    return torch.from_numpy(array.copy()).reshape(data["shape"])


def _decode(data, models):
    """Return the argument that ``data`` describes; each model built is also put in ``models``."""
    if isinstance(data, list):
        return [_decode(item, models) for item in data]
    if not isinstance(data, dict):
        return data
    if data["$"] == "float":
        return float(data["value"])
    if data["$"] == "dict":
        return {_decode(key, models): _decode(each, models) for key, each in data["items"]}
    if data["$"] == "array":
        return _tensor(data)
    model = getattr(importlib.import_module("lrlab.models"), data["class"])()
    weights = {name: _tensor(each) for name, each in data["weights"].items()}
    model.load_state_dict(weights)
    for name, parameter in model.named_parameters():
        if name in data["gradients"]:
            parameter.grad = _tensor(data["gradients"][name])
    models.append(model)
    return model


def _answer(question):
    """Return the reply to one question, as JSON data."""
    if question["op"] == "test":
        return _test(question)  # noqa: F821 (of ``hidden_test``)
    name = question["name"]
    if name not in student:  # noqa: F821 (set by whoever executes this text)
        return {"ok": False, "problem": "missing", "detail": ""}
    value, models = student[name], []  # noqa: F821
    try:
        if question["op"] == "call":
            if not callable(value):
                return {"ok": False, "problem": "not callable", "detail": type(value).__name__}
            arguments = [_decode(each, models) for each in question["arguments"]]
            value = value(*arguments)
        weights = [
            {key: _encode(each) for key, each in model.state_dict().items()} for model in models
        ]
        return {"ok": True, "value": _encode(value), "models": weights}
    except BaseException as error:  # noqa: BLE001 (a student's code may raise anything)
        detail = f"{type(error).__name__}: {error}"
        return {"ok": False, "problem": "error", "detail": detail[:400]}
