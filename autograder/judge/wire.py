"""Plain data as JSON, on the judge's side.

Sent: None, booleans, numbers, text, lists, dictionaries, tensors as raw arrays, and a ``Model``.
Received: the same, and ``Other`` for everything that is not plain data. What is received is
treated as hostile bytes: size, depth, dtype and shape are checked before anything is built, and
nothing is ever unpickled or evaluated. ``bridge`` is the other end.

Every value that JSON cannot carry is an object with one key ``$``, so a student's own dictionary
(sent as a list of pairs) can never be mistaken for one.
"""

import base64
import binascii
import math
from dataclasses import dataclass, field

import torch

from autograder.judge.verdict import StudentFailure

MAX_DEPTH = 12
MAX_VALUES = 200_000
DTYPES = {
    "float16": torch.float16,
    "float32": torch.float32,
    "float64": torch.float64,
    "int16": torch.int16,
    "int32": torch.int32,
    "int64": torch.int64,
    "uint8": torch.uint8,
    "bool": torch.bool,
}


@dataclass(frozen=True)
class Model:
    """A network for the student's code: a class in ``lrlab.models``, and weights of our choice.

    ``gradients``, when given, is what ``.grad`` of each parameter holds on arrival.
    """

    class_name: str
    weights: dict[str, torch.Tensor]
    gradients: dict[str, torch.Tensor] = field(default_factory=dict)


@dataclass(frozen=True)
class Other:
    """Something that is not plain data; all that is known of it is its type's name."""

    type_name: str

    def __str__(self) -> str:
        return f"an object of type {self.type_name}"


def encode(value: object) -> object:
    """Return ``value`` in a form that ``json.dumps`` takes. Raises TypeError for anything else."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$": "float", "value": str(value)}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {"$": "dict", "items": [[encode(key), encode(each)] for key, each in value.items()]}
    if isinstance(value, torch.Tensor):
        array = value.detach().contiguous().numpy()
        return {
            "$": "array",
            "dtype": str(array.dtype),
            "shape": list(array.shape),
            "bytes": base64.b64encode(array.tobytes()).decode("ascii"),
        }
    if isinstance(value, Model):
        return {
            "$": "model",
            "class": value.class_name,
            "weights": {name: encode(tensor) for name, tensor in value.weights.items()},
            "gradients": {name: encode(tensor) for name, tensor in value.gradients.items()},
        }
    raise TypeError(f"{type(value).__name__} is not plain data")


def decode(document: object) -> object:
    """Return the value that a parsed JSON ``document`` stands for.

    Raises StudentFailure when it is too deep, too long, or not what ``bridge`` sends.
    """
    budget = [MAX_VALUES]

    def walk(node: object, depth: int) -> object:
        budget[0] -= 1
        if depth > MAX_DEPTH or budget[0] < 0:
            raise StudentFailure("your code returned a value with too many parts to look at")
        if isinstance(node, int) and abs(node) >= 2**63:
            raise _unreadable()
        if node is None or isinstance(node, bool | int | float | str):
            return node
        if isinstance(node, list):
            return [walk(item, depth + 1) for item in node]
        kind = node.get("$")
        if kind == "float" and node.get("value") in ("nan", "inf", "-inf"):
            return float(node["value"])
        if kind == "list" and isinstance(node.get("items"), list):
            return [walk(item, depth + 1) for item in node["items"]]
        if kind == "dict" and isinstance(node.get("items"), list):
            return _pairs(walk(node["items"], depth + 1))
        if kind == "array":
            return decode_array(node)
        if kind == "other":
            return Other(str(node.get("type"))[:80])
        raise _unreadable()

    return walk(document, 0)


def decode_array(node: object) -> torch.Tensor:
    """Return the tensor in ``node``. Raises StudentFailure when its parts do not agree."""
    try:
        dtype, shape = DTYPES[node["dtype"]], node["shape"]
        content = base64.b64decode(node["bytes"], validate=True)
        sizes_are_sound = all(type(size) is int and 0 <= size < 2**31 for size in shape)
        expected = math.prod(shape) * dtype.itemsize
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise _unreadable() from None
    if not isinstance(shape, list) or len(shape) > 8 or not sizes_are_sound:
        raise _unreadable()
    if len(content) != expected:
        raise _unreadable()
    if not content:
        return torch.empty(shape, dtype=dtype)
    if dtype == torch.bool:  # a byte other than 0 and 1 is not a valid torch.bool
        return torch.frombuffer(bytearray(content), dtype=torch.uint8).ne(0).reshape(shape)
    return torch.frombuffer(bytearray(content), dtype=dtype).reshape(shape)


def _pairs(items: list) -> dict:
    """Return a dictionary from [key, value] pairs whose keys are text, numbers or booleans."""
    pairs = {}
    for item in items:
        if not isinstance(item, list) or len(item) != 2:
            raise _unreadable()
        if not isinstance(item[0], str | int | float | bool | None):
            raise _unreadable()
        pairs[item[0]] = item[1]
    return pairs


def _unreadable() -> StudentFailure:
    return StudentFailure("your process sent an answer that could not be read")
