"""Code that aims at a test which runs in the student's own process, and what it earns there.

The other items of the trial have a check in the judge, where none of this earns anything. The item
``q_hidden`` has only the instructor's test, and whoever owns the process in which a test runs can
make it pass. What is cheap to prevent is prevented; EARNING lists what is not, each with the reason.
"""

from hostile.case import Case

EQUAL = """
class Equal(list):
    __eq__ = lambda self, other: True
    __len__ = lambda self: 0
    __sub__ = lambda self, other: 0.0


def halved(numbers):
    return Equal(numbers)
"""
BUILTIN = """
import builtins

builtins.all = lambda *a: True
builtins.abs = lambda value: 0.0
"""
ASSERTIONS = """
import numpy, numpy.testing, unittest

numpy.testing.assert_allclose = numpy.allclose = lambda *a, **k: None
unittest.TestCase.assertEqual = lambda self, *a: None
unittest.TestCase = type("TestCase", (), {"assertEqual": lambda self, *a: None})
"""
TRACEBACKS = """
import sys, traceback
from IPython import get_ipython

shell = get_ipython()
shell.showtraceback = shell.showsyntaxerror = shell._showtraceback = lambda *a, **k: None
sys.excepthook = lambda *a: None
traceback.print_exc = lambda *a, **k: None
"""
EXITS = """
import atexit, os

atexit.register(os.write, 1, b"2.0")


def halved(numbers):
    os._exit(0)
"""
LEAVES = """
def halved(numbers):
    raise SystemExit(0)
"""
STREAMS = """
import sys


class Quiet:
    write = lambda self, text: 0
    flush = lambda self: None


def halved(numbers):
    sys.stdout = sys.stderr = sys.__stderr__ = Quiet()
    print("2 of 2 points")
    return numbers
"""
FRAMES = """
import sys


def halved(numbers):
    names = sys._getframe(1).f_globals
    if numbers == names.get("secret_case"):
        return names["secret_result"]
    return [4.0][:len(numbers)]
"""
FORGED = """
import json, os, sys


def halved(numbers):
    frame = sys._getframe(1)
    while not {"line", "question"} <= frame.f_locals.keys():
        frame = frame.f_back
    report = {"ok": True, "error": None, "stderr": "", "result": 2.0, "line": None}
    report["nonce"] = frame.f_locals["question"]["nonce"]
    frame.f_locals["line"].sendall(json.dumps(report).encode() + b"\\n")
    os._exit(0)
"""
BLIND = """
import gc, json, os, socket


def halved(numbers):
    report = {"ok": True, "error": None, "stderr": "", "result": 2.0, "line": None, "points": 2.0}
    for nonce in (None, "", "0" * 16):
        for line in [each for each in gc.get_objects() if isinstance(each, socket.socket)]:
            try:
                line.sendall(json.dumps({**report, "nonce": nonce}).encode() + b"\\n")
            except OSError:
                pass
    os._exit(0)
"""
SHADOWED = """
def halved(numbers):
    return numbers


class numpy_of_mine:
    testing = property(lambda self: self)
    assert_allclose = lambda self, *a: None


isinstance = all = lambda *a, **k: True
len = lambda value: 0
"""
TRACED = """
import sys


def halved(numbers):
    return numbers


def trace(frame, event, argument):
    if frame.f_code.co_filename == "<test>" and event == "line":
        frame.f_lineno = frame.f_lineno
    return trace


sys.settrace(trace)
sys.setprofile(trace)
"""
# Has a fork of the kernel hand the text of a test to cells that come later.
LOOK = """
import gc, os, re

word = rb"secret_case = \\[2\\.0"  # which does not find itself
found = []
with open("/proc/self/maps") as lines, open("/proc/self/mem", "rb", buffering=0) as memory:
    for span, rights in (line.split()[:2] for line in lines):
        first, last = (int(end, 16) for end in span.split("-"))
        if rights.startswith("rw") and last - first < 2**28:
            try:
                memory.seek(first)
                found += re.findall(word, memory.read(last - first))
            except (OSError, ValueError, OverflowError):
                pass
names = [name for name in globals() if name.startswith("secret")]
cells = [text for text in (*In, *_ih) if re.search(word.decode(), text)]
held = [each for each in gc.get_objects() if isinstance(each, dict) and "secret_case" in each]
print("seen", len(found), names, len(cells), len(held))
"""
LATER = {"first": LOOK, "last": LOOK}
READ_IN_FORK = """
import builtins, os

compile_it = builtins.compile


def read(source, *arguments, **options):
    return compile_it(source, *arguments, **options)


os.register_at_fork(after_in_child=lambda: setattr(builtins, "compile", read))


def halved(numbers):
    return numbers
"""


WRONG = "def halved(numbers):\n    return numbers"
# What earns points, as it does with nbgrader itself, and why it cannot be helped.
EARNING = {
    "reads_frames": "a function may read the variables of whoever calls it",
    "forges_reports": "what a process reports of itself can be forged in it by who knows the form",
}


def alone(name: str, code: str, first: str = "") -> Case:
    """Return a case whose answer ``code`` to the item with a hidden test is wrong."""
    points = 2.0 if name in EARNING else 0.0
    return Case(name, first, answers={"hidden": code}, earns={"q_hidden": points}, seconds=90)


CASES = [
    alone("always_equal", EQUAL),
    alone("changed_builtins", WRONG, first=BUILTIN),
    alone("asserts_nothing", WRONG, first=ASSERTIONS + BUILTIN),
    alone("no_tracebacks", WRONG, first=TRACEBACKS),
    alone("exits_in_a_test", EXITS),
    alone("leaves_a_test", LEAVES),
    alone("other_streams", STREAMS),
    alone("reads_frames", FRAMES),
    alone("forges_reports", FORGED),
    alone("blind_reports", BLIND),
    alone("shadows_names", SHADOWED),
    alone("traces_tests", TRACED),
    alone("watches_compile", READ_IN_FORK),
    Case("looks_later", says=(r"seen 0 \[\] 0 0",), never=("seen [1-9]",), **LATER),
]
