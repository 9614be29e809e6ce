"""What the judge reads from a fork is hostile bytes: bounded, in time, and one line an answer."""

import json
import socket
import threading
import time

import pytest

from autograder.judge import fork as module
from autograder.judge.fork import Fork
from autograder.judge.verdict import StudentFailure
from autograder.sandbox.patience import Patience


@pytest.fixture
def served(tmp_path):
    """Return a function that gives a fork whose process does ``act`` with each question."""
    address = str(tmp_path / "s")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()

    def serve(act, said=b"token\n"):
        def run():
            line, _ = listener.accept()
            with line, line.makefile("rb") as incoming:
                line.sendall(said)
                for text in incoming:
                    try:
                        act(line, json.loads(text))
                    except OSError:
                        return

        threading.Thread(target=run, daemon=True).start()
        return Fork(address, "token")

    yield serve
    listener.close()


def within(seconds):
    """Return the patience of a question on an idle machine."""
    return Patience(seconds, lambda: 0.0)


def reply(line, question, **fields):
    """Send an honest answer."""
    line.sendall(json.dumps({**fields, "nonce": question["nonce"]}).encode() + b"\n")


def test_one_line_out_one_line_back(served):
    fork = served(lambda line, question: reply(line, question, ok=True, op=question["op"]))
    assert fork.ask({"op": "variable"}, within(5)) == {"ok": True, "op": "variable"}
    assert fork.ask({"op": "call"}, within(5)) == {"ok": True, "op": "call"}


@pytest.mark.parametrize(
    "said",
    [
        b"{}\n",
        b"[]\n",
        b"no json\n",
        b"{\n",
        b"9" * 10_000 + b"\n",
        b'{"nonce": "1"}\n',
        b"\xff\n",
        b"\n",
        b"[" * 100_000 + b"\n",
        b'{"nonce": NaN}\n',
    ],
)
def test_what_is_no_answer_is_refused(served, said):
    fork = served(lambda line, question: line.sendall(said))
    with pytest.raises(StudentFailure, match="could not be read"):
        fork.ask({"op": "variable"}, within(5))


def test_a_second_answer_is_refused(served):
    def twice(line, question):
        line.sendall(2 * (json.dumps({"ok": True, "nonce": question["nonce"]}).encode() + b"\n"))

    fork = served(twice)
    fork.ask({"op": "variable"}, within(5))
    with pytest.raises(StudentFailure, match="more than once|could not be read"):
        fork.ask({"op": "variable"}, within(5))


def test_an_endless_answer_is_cut_off(served, monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 100_000)
    fork = served(lambda line, question: line.sendall(b"x" * 10_000_000))
    with pytest.raises(StudentFailure, match="too much data"):
        fork.ask({"op": "variable"}, within(20))
    fork.close()


def test_a_trickle_does_not_keep_us(served):
    def trickle(line, question):
        while True:
            line.sendall(b"x")
            time.sleep(0.05)

    fork = served(trickle)
    with pytest.raises(StudentFailure, match="more than 0.5 s"):
        fork.ask({"op": "variable"}, within(0.5))
    fork.close()


def test_an_end_is_noticed(served):
    fork = served(lambda line, question: line.shutdown(socket.SHUT_RDWR))
    with pytest.raises(StudentFailure, match="ended its Python process"):
        fork.ask({"op": "variable"}, within(5))


@pytest.mark.parametrize("said", [b"other\n", b"\n", b'{"ok": true}\n', b"token"])
def test_whoever_does_not_know_the_token_is_asked_nothing(served, said):
    asked = []
    fork = served(lambda line, question: asked.append(question), said)
    with pytest.raises(StudentFailure):
        fork.ask({"op": "test", "source": "assert secret"}, within(1))
    assert asked == []


def test_nobody_there_is_no_answer(tmp_path):
    fork = Fork(str(tmp_path / "nobody"), "token")
    with pytest.raises(StudentFailure, match="ended its Python process"):
        fork.ask({"op": "variable"}, within(1))
