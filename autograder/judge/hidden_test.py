"""Runs an instructor's own test in a fork of the student's kernel; part of ``forks.TEXT``.

What counts is decided outside, as nbgrader decides it: an error, what went to standard error, and a
number as the last line. The names that the test defines are gone with the fork.
"""

import ast
import asyncio
import contextlib
import inspect
import io
import numbers
import sys

from ipykernel.kernelapp import IPKernelApp
from IPython.core.inputtransformer2 import TransformerManager

_MOST = 2_000  # characters of one text in the report


def _restore():
    """Put back what the sandbox noted of the modules that tests use, and of the built-in names."""
    for owner, names in getattr(IPKernelApp.instance(), "noted", ()):
        for name, value in names.items():
            if vars(owner).get(name) is not value:
                setattr(owner, name, value)
    student["__builtins__"] = sys.modules["builtins"]  # noqa: F821 (set by whoever executes this text)


def _execute(source, name):
    """Run a cell's text as IPython does; return the value of its last line, or None."""
    code = TransformerManager().transform_cell(source)
    body = ast.parse(code, name).body
    shown = body and isinstance(body[-1], ast.Expr) and not code.rstrip().endswith(";")
    last = ast.Expression(body.pop().value) if shown else None
    _run(ast.Module(body, []), name, "exec")
    return _run(last, name, "eval") if last else None


def _run(tree, name, mode):
    code = compile(tree, name, mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    result = eval(code, student)  # noqa: F821
    return asyncio.run(result) if code.co_flags & inspect.CO_COROUTINE else result


def _test(question):
    """Return the report on one test, after earlier ones whose names it uses have run quietly."""
    _restore()
    for source in question["before"]:
        try:
            _execute(source, "<an earlier test>")
        except BaseException:  # noqa: BLE001, S110 (that test has a verdict of its own)
            pass
    error = where = result = None
    with contextlib.redirect_stderr(io.StringIO()) as said:  # a disk may be full
        try:
            result = _execute(question["source"], "<test>")
        except BaseException as raised:  # noqa: BLE001 (also SystemExit: the test did not end)
            error = f"{type(raised).__name__}: {raised}"[:_MOST]
            where = _line(raised)
    written = said.getvalue()[:_MOST]
    is_number = isinstance(result, numbers.Real) and not isinstance(result, bool)
    result = float(result) if is_number else None
    return {"ok": True, "error": error, "line": where, "stderr": written, "result": result}


def _line(raised):
    """Return the number of the line of the test that was under way, or None."""
    number, trace = None, raised.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<test>":
            number = trace.tb_lineno
        trace = trace.tb_next
    return number
