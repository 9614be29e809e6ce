"""Code that changes its own process: hooks, builtins, and the libraries that tests might use.

The answers are wrong, so whoever believes this process gives points for nothing.
"""

from hostile.case import Case

DISPLAY = """
import sys
from IPython import get_ipython

shell = get_ipython()
sys.displayhook = lambda value: None
type(shell.displayhook).__call__ = lambda self, result=None: print("2.0")
type(shell.display_formatter).format = lambda *a, **k: ({"text/plain": "2.0"}, {})
shell.showtraceback = lambda *a, **k: print("2.0")
"""
TRANSFORMERS = """
import ast
from IPython import get_ipython

shell = get_ipython()
shell.input_transformers_cleanup.append(lambda lines: ["2.0\\n"] if "expect" in "".join(lines) else lines)


class Passed(ast.NodeTransformer):
    def visit_Expr(self, node):
        return ast.parse("2.0").body[0] if "expect" in ast.dump(node) else node


shell.ast_transformers.append(Passed())
"""
HOOKS = """
from IPython import get_ipython

shell = get_ipython()


def after(result):
    result.result, result.error_in_exec = 2.0, None
    shell.displayhook(2.0)


shell.events.register("post_run_cell", after)
shell.events.register("pre_run_cell", lambda info: setattr(info, "raw_cell", "2.0"))
original = shell.kernel.do_execute


async def do_execute(*arguments, **options):
    await original(*arguments, **options)
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}


shell.kernel.do_execute = do_execute
"""
BUILTINS = """
import builtins

builtins.exec = lambda *a, **k: 2.0
builtins.isinstance = lambda *a: True
builtins.callable = lambda value: True
builtins.abs = lambda value: 0
builtins.float = lambda value=0: 0.4187
builtins.all = builtins.any = lambda values: True
"""
ASSERT = """
import lrlab.assignments.expect

lrlab.assignments.expect.expect = lambda *a: None
lrlab.assignments.expect.CheckFailed = type("Passed", (Exception,), {})
AssertionError = Warning
import sys
sys.flags = type("Flags", (), {"optimize": 2})
"""
TORCH = """
import torch

torch.allclose = torch.equal = torch.isclose = lambda *a, **k: True
torch.Tensor.__eq__ = torch.Tensor.__le__ = lambda self, other: True
torch.Tensor.norm = torch.Tensor.sum = torch.Tensor.item = lambda self, *a, **k: 0.0
torch.Tensor.numpy = lambda self, *a: __import__("numpy").full(tuple(self.shape), 0.4187, "float32")
torch.nn.Module.state_dict = lambda self, *a, **k: {}
torch.nn.Module.load_state_dict = lambda self, *a, **k: None
torch.no_grad = lambda: 1 / 0
"""
NUMPY = """
import math
import numpy

numpy.allclose = numpy.isclose = numpy.array_equal = lambda *a, **k: True
numpy.testing.assert_allclose = lambda *a, **k: None
numpy.frombuffer = lambda *a, **k: numpy.zeros(1, "float32")
math.isclose = math.isfinite = lambda *a, **k: True
"""
LRLAB = """
import sys, types
import lrlab.models, lrlab.assignments.expect, lrlab.data, lrlab.training


class SimpleCNN(lrlab.models.SimpleCNN):
    def state_dict(self, *a, **k):
        return {name: each - 0.25 for name, each in super().state_dict(*a, **k).items()}


lrlab.models.SimpleCNN = SimpleCNN
for name in [name for name in sys.modules if name.startswith("lrlab")]:
    sys.modules[name].expect = lambda *a: None
    sys.modules[name].points = 2.0
"""
BRIDGE = """
import base64, json

true_dumps = json.dumps


def dumps(value, *a, **k):
    if isinstance(value, dict) and "nonce" in value:
        value = {"nonce": value["nonce"], "ok": True, "value": True, "models": [], "points": 2.0,
                 "earned": 2.0, "verdicts": {"q_step": {"points": 2.0}}}
    return true_dumps(value, *a, **k)


json.dumps = dumps
base64.b64encode = lambda value: b"AAAA"
"""


def stubborn(name: str, code: str) -> Case:
    """Return a case whose ``code`` runs first, and whose answers are all wrong."""
    return Case(name, first=code, wrong=True)


CASES = [
    stubborn("display_hook", DISPLAY),
    stubborn("cell_transformers", TRANSFORMERS),
    stubborn("cell_hooks", HOOKS),
    stubborn("builtins", BUILTINS),
    stubborn("assertions", ASSERT),
    stubborn("patched_torch", TORCH),
    stubborn("patched_numpy", NUMPY),
    stubborn("patched_lrlab", LRLAB),
    stubborn("patched_bridge", BRIDGE),
]
