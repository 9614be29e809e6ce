"""Code that aims at the forks in which items are judged: their socket, their parent, their state.

A fork gives plain data, as the kernel did before, and a liar may send any. What must not happen:
that a second state counts, that one fork spoils another item, or that something is learned.
"""

from hostile.case import Case

# The number is fixed, so a student knows it: whoever connects has a question and nothing else.
LISTENER = """
import json, os, socket, threading, time

listener = socket.socket(fileno=os.dup(300))


"""
THREAD = """
answers = {"answer_rate": 0.5, "answer_letter": "B"}
asked = []


def answer():
    while True:
        line, _ = listener.accept()
        line.sendall(b"0123456789abcdef\\n")
        for text in line.makefile("rb"):
            asked.append(text)
            question = json.loads(text)
            reply = {"nonce": question["nonce"], "ok": True, "value": answers.get(question.get("name")),
                     "models": [], "points": 2.0, "error": None, "stderr": "", "result": None}
            line.sendall(json.dumps(reply).encode() + b"\\n")


threading.Thread(target=answer, daemon=True).start()
"""
SILENT = """
kept = []


def keep():
    while True:
        kept.append(listener.accept())


threading.Thread(target=keep, daemon=True).start()
"""
LEFT = """
if os.fork() == 0:
    os.setsid()
    while True:
        line, _ = listener.accept()
        try:
            line.sendall(b'{"ok": true, "value": 0.4187, "models": [], "points": 2.0}\\n' * 9)
        except OSError:
            pass
"""
CLOSED = "import os\nos.close(300)"
STUCK = """
def moved(weights, gradient, rate):
    import os, signal, time

    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    if os.fork():
        os._exit(0)
    while True:
        time.sleep(1)
"""
PARENT = """
import os


def moved(weights, gradient, rate):
    os.kill(os.getppid(), 9)
    return weights - rate * gradient
"""
HOOKS = """
import itertools, os

letters = itertools.cycle("ABD")
os.register_at_fork(
    before=lambda: globals().update(answer_letter=next(letters), guess=next(letters)),
    after_in_child=lambda: globals().update(answer_letter=next(letters)),
    after_in_parent=lambda: globals().update(answer_letter=next(letters)),
)
"""
NO_FORK = "import os\nos.fork = lambda: 1"
PLAYED_DEAD = """
import os

os.register_at_fork(after_in_child=lambda: os._exit(0))
"""
# Which state counts is not for the student to choose: an answer that is right only later, or only
# at the second look, is no answer.
LOOKS = """
import os, pathlib

looks = pathlib.Path("/tmp/looks")


class Rate(float):
    def __float__(self):
        with looks.open("a") as file:
            file.write("x")
        return (0.1, 0.4187)[looks.stat().st_size > 1]


answer_rate = Rate(0.1)
"""
SECOND_STATE = """
answer_letter = "C"
"""

CASES = [
    Case(
        "answering_thread",
        first=LISTENER + THREAD,
        last="print('asked', asked)",
        wrong=True,
        says=(r"asked \[\]",),
        seconds=120,
    ),
    Case("silent_thread", first=LISTENER + SILENT, wrong=True, unsure=True, seconds=120),
    Case("left_process", first=LISTENER + LEFT, wrong=True, unsure=True, seconds=120),
    Case("closed_listener", first=CLOSED, wrong=True, seconds=120),
    Case("stuck_fork", answers={"function": STUCK}, earns={"q_function": 0.0}, seconds=90),
    Case("killed_parent", answers={"function": PARENT}, unsure=True, seconds=120),
    Case("fork_hooks", first=HOOKS, wrong=True),
    Case("no_fork", first=NO_FORK, wrong=True, seconds=120),
    Case("played_dead", first=PLAYED_DEAD, wrong=True, seconds=120),
    Case(
        "second_look",
        wrong=True,
        answers={"number": LOOKS},
    ),
    Case(
        "second_state",
        answers={"choice": 'answer_letter = "B"', "hidden": SECOND_STATE},
        earns={"q_choice": 0.0, "q_hidden": 0.0},
    ),
    Case(
        "killed_for_a_second_guess",
        answers={
            "choice": "import pathlib\nanswer_letter = 'BC'[pathlib.Path('/tmp/again').exists()]",
        },
        last="import os, pathlib\npathlib.Path('/tmp/again').touch()\nos._exit(0)",
        earns={"q_choice": 0.0},
    ),
]
