"""Messages and files that no honest kernel sends or writes.

A kernel holds the key of its own connection, so it may send anything that its sockets carry: other
outputs, other types, other parents, no JSON, huge or endless messages, and forged answers to the
judge. None is believed, and none costs the grader more than this one submission.
"""

from hostile.case import Case

KERNEL = """
import threading, time
from IPython import get_ipython

kernel = get_ipython().kernel
session, iopub, thread = kernel.session, kernel.iopub_socket, kernel.iopub_thread


def publish(kind, content, parent=None, **options):
    session.send(iopub, kind, content, parent=parent or kernel.get_parent(), **options)


"""
OUTPUTS = """
def forge():
    for _ in range(60):
        parent = kernel.get_parent()
        publish("execute_result", {"execution_count": 1, "data": {"text/plain": "2.0"}, "metadata": {}}, parent)
        publish("stream", {"name": "stdout", "text": "2 of 2 points"}, parent)
        publish("clear_output", {"wait": False}, parent)
        publish("error", {"ename": "EVE", "evalue": "2.0", "traceback": ["2.0"]}, parent)
        time.sleep(0.02)


threading.Thread(target=forge).start()
"""
STATES = """
publish("status", {"execution_state": "idle"})
publish("comm_open", {"comm_id": "eve", "target_name": "jupyter.widget", "data": {"state": {
    "_model_name": "OutputModel", "_model_module": "@jupyter-widgets/output", "msg_id": ""}}})
publish("comm_msg", {"comm_id": "eve", "data": {"method": "update", "state": {
    "msg_id": kernel.get_parent()["header"]["msg_id"], "outputs": [{"output_type": "EVE-WAS-HERE"}]}}})
publish("display_data", {"data": {"text/html": "<script>1</script>", "application/javascript": "1",
                                  "image/svg+xml": "<svg onload='1'/>", "text/plain": ["2.0", 3, None]},
                         "metadata": {"nbgrader": {"points": 9}}, "transient": {"display_id": "eve"}})
publish("update_display_data", {"data": {"text/plain": "2.0"}, "metadata": {}, "transient": {"display_id": "eve"}})
publish("execute_input", {"code": "2.0", "execution_count": {"a": [1]}})
publish("execute_result", {"data": {"text/plain": {"a": 1}}, "metadata": [], "execution_count": "9" * 99})
publish("stream", {"name": "EVE", "text": ["2.0"]})
publish("stream", {"name": "stdout", "text": "half \\ud800 of it"})
"""
MALFORMED = """
import zmq

parts = SEND
if isinstance(parts, list):
    iopub.send_multipart(parts)
else:
    publish("stream", parts)
"""
TYPES = """
for number in range(20):
    publish("\\x1b[2J\\x1b]0;EVE-WAS-HERE\\x07", {"text": "x"})
    publish("EVE-WAS-HERE\\n" * 100, {})
"""
ESCAPES = """
print("\\x1b]0;EVE-TITLE\\x07\\x1b[2J")


def moved(weights, gradient, rate):
    raise RuntimeError("\\x1b]0;EVE-TITLE\\x07\\x1b[2J\\r\\n2 of 2 points\\n  2/2")
"""
WRITTEN = """
# \x1b]0;EVE-TITLE\x07\x1b[2J
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    pass
"""
HALF = """
def moved(weights, gradient, rate):
    raise RuntimeError("half a character: \\ud800")
"""
TWICE = """
import json, sys


def answer(**fields):
    frame = sys._getframe(1)
    while not {"line", "question"} <= frame.f_locals.keys():
        frame = frame.f_back
    nonce = frame.f_locals["question"]["nonce"]
    forged = {"nonce": nonce, "ok": True, **fields}
    frame.f_locals["line"].sendall(json.dumps(forged).encode() + b"\\n")


def moved(weights, gradient, rate):
    answer(value={"$": "array", "dtype": "float32", "shape": [2**30, 2**30], "bytes": ""}, models=[])
    answer(value=True, models=[], points=2.0)
    return weights - rate * gradient


def one_step(model, rate):
    answer(value=None, models=[{"fc.weight": "EVE"}])
    raise SystemExit
"""
ARRAYS = """
import json, random
from IPython import get_ipython

original = json.dumps
lies = [
    {"$": "array", "dtype": "float32", "shape": [-1], "bytes": "AAAA"},
    {"$": "array", "dtype": "object", "shape": [1], "bytes": "AAAA"},
    {"$": "array", "dtype": "float32", "shape": [0, 2**31 - 1, 2**31 - 1], "bytes": ""},
    {"$": "array", "dtype": "float32", "shape": [True, 1e300], "bytes": "AAAA"},
    {"$": "other", "type": "\\x1b[2J" * 100},
    {"$": "dict", "items": [[["a"], 1], [{"$": "float", "value": "nan"}, 2]]},
    {"$": "float", "value": "1e400"},
    {"$": "list", "items": [{"$": "list", "items": []}] * 300_000},
    [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]],
    10**400,
    "x" * 5_000_000,
    float("nan"),
    {"$": "answer"},
]


def dumps(value, *a, **k):
    if isinstance(value, dict) and "nonce" in value:
        lie = lies.pop()
        value = {"nonce": value["nonce"], "ok": True, "value": lie, "models": [lie]}
    return original(value, *a, **k)


json.dumps = dumps
"""
BIG_ANSWERS = """
import sys


def moved(weights, gradient, rate):
    frame = sys._getframe(1)
    while "line" not in frame.f_locals:
        frame = frame.f_back
    for _ in range(40):
        frame.f_locals["line"].sendall(b"x" * 80_000_000)
    return weights - rate * gradient
"""
BIG_MESSAGES = """
import os

parent = kernel.get_parent()
big = "x" * 90_000_000


def flood():
    for _ in range(30):
        publish("stream", {"name": "stdout", "text": big}, {})


threading.Thread(target=flood, daemon=True).start()
"""
ENDLESS = """
import os, socket, struct

block = b"\x03" + struct.pack(">Q", 2**20) + bytes(2**20)  # a ZMTP frame: long, and more to come


def flood(descriptor):
    sent = 0
    os.set_blocking(descriptor, True)
    while sent < 4000 * 2**20:
        try:
            sent += os.write(descriptor, block[sent % len(block):])
        except OSError:
            return


def callers():
    found = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            which = os.readlink(f"/proc/self/fd/{name}")
            caller = socket.socket(fileno=os.dup(int(name)))
            caller.getpeername()
        except OSError:
            continue
        if caller.family == socket.AF_UNIX and which not in found:
            found[which] = caller.detach()
    return found


def flood_all(callers):
    for descriptor in callers:
        threading.Thread(target=flood, args=(descriptor,), daemon=True).start()


"""
ENDLESS_ANSWER = """
before = set(callers())


def moved(weights, gradient, rate):
    flood_all(each for which, each in callers().items() if which not in before)
    time.sleep(20)
"""
ENDLESS_MESSAGE = """
flood_all(callers().values())
time.sleep(20)
"""
BREAK = """
for descriptor in callers().values():
    try:
        os.write(descriptor, b"\xff" * 1000)  # no frame of ZeroMQ's: whoever reads it hangs up for good
    except OSError:
        pass
time.sleep(1)
"""
BREAK_ANSWER = """
def moved(weights, gradient, rate):
    for descriptor in callers().values():
        try:
            os.write(descriptor, b"\xff" * 1000)
        except OSError:
            pass
    return weights - rate * gradient
"""
CHATTER = """
def chatter():
    while True:
        publish("stream", {"name": "stdout", "text": "EVE-WAS-HERE"}, {})
        time.sleep(0.02)


threading.Thread(target=chatter, daemon=True).start()
"""
FORGED_FILES = """
import json, os, pathlib

for path in (
    "autograded/zoe/lr00_trial/lr00_trial.ipynb",
    "outcomes/lr00_trial/lr00_trial/eve.json",
    "outcomes/lr00_trial/lr00_trial/zoe.json",
    ".grading/zoe/lr00_trial/lr00_trial.ipynb",
    "gradebook.db",
    "/tmp/kernel.json",
    "/tmp/kernel-1",
    "/tmp/fork-eve/s",
    "../../../ROOM/course/gradebook.db",
):
    path = pathlib.Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"points": 2.0, "key": "", "transport": "tcp", "ip": "127.0.0.1"}))
    except OSError as error:
        print("refused", error.strerror)
print("forged")
"""

GARBAGE = [b"x", b"<IDS|MSG>", b"bad", b"{}", b"{}", b"{}", b"{}"]
NO_JSON = [b"no", b"\xff\xfe\x00", b""] * 50
DEEP = """b'{"name": "stdout", "text": "x", "deep": ' + b"[" * 100_000 + b"]" * 100_000 + b"}" """


def malformed(name: str, parts: object) -> Case:
    """Return a case that sends ``parts``: a message, or the content of one."""
    return Case(name, first=KERNEL + MALFORMED.replace("SEND", str(parts)))


CASES = [
    Case("forged_outputs", first=KERNEL + OUTPUTS, wrong=True),
    Case("forged_states", first=KERNEL + STATES, wrong=True, never=("EVE-WAS-HERE",)),
    malformed("garbage_message", GARBAGE),
    malformed("no_json", NO_JSON),
    malformed("deep_message", DEEP),
    Case("message_types", first=KERNEL + TYPES, never=("EVE-WAS-HERE",)),
    Case("escapes", first="print(1)", answers={"function": ESCAPES}, earns={"q_function": 0.0}),
    Case("written_escapes", first=WRITTEN, says=("begins with `import signal` ended",), seconds=90),
    Case(
        "half_characters",
        answers={"function": HALF, "choice": 'answer_letter = "\\udfff"'},
        earns={"q_function": 0.0, "q_choice": 0.0},
    ),
    Case("answers_twice", answers={"function": TWICE, "step": ""}, unsure=True),
    Case("impossible_answers", first=ARRAYS, wrong=True),
    Case("big_answers", answers={"function": BIG_ANSWERS}, unsure=True),
    Case("big_messages", first=KERNEL + BIG_MESSAGES, unsure=True, seconds=120),
    Case(
        "endless_answer",
        first=KERNEL + ENDLESS,
        answers={"function": ENDLESS_ANSWER},
        earns={"q_function": 0.0},
        unsure=True,
        seconds=120,
    ),
    Case("endless_message", first=KERNEL + ENDLESS + ENDLESS_MESSAGE, unsure=True, seconds=120),
    Case("broken_protocol", first=KERNEL + ENDLESS + BREAK, unsure=True, seconds=120),
    Case(
        "broken_answers",
        first=KERNEL + ENDLESS,
        answers={"function": BREAK_ANSWER},
        earns={"q_function": 0.0},
        unsure=True,
        seconds=120,
    ),
    Case("chatter", first=KERNEL + CHATTER, seconds=60),
    Case("forged_files", first=FORGED_FILES, says=("forged",)),
]
