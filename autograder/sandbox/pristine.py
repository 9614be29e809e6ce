"""What instructors' tests rely on, noted before any of the student's code runs.

A student's code may replace ``abs`` or ``numpy.allclose`` in its own process. A test that runs in a
fork of it first puts back what is noted here (``judge/hidden_test.py``). This stops who patches what
tests use; it cannot stop who finds these notes, for they lie in the same process.
"""

import sys

MODULES = (
    "builtins",
    "math",
    "operator",
    "unittest",
    "unittest.case",
    "numpy",
    "numpy.testing",
    "numpy.testing._private.utils",
    "torch",
    "torch.testing",
    "torch.testing._comparison",
)
CLASSES = (("unittest.case", "TestCase"), ("torch", "Tensor"))


def noted() -> list[tuple[object, dict[str, object]]]:
    """Return every module and class above that is loaded, each with what it holds."""
    owners = [sys.modules[name] for name in MODULES if name in sys.modules]
    owners += [vars(sys.modules[name])[each] for name, each in CLASSES if name in sys.modules]
    return [(owner, dict(vars(owner))) for owner in owners]
