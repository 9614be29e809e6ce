"""Code that never ends, ends its process, or sends signals to everything; and what it leaves behind."""

from hostile.case import Case

LOOP = "while True:\n    pass"
STUBBORN_LOOP = """
import signal, threading

signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""
JUDGED_LOOP = """
def moved(weights, gradient, rate):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""
LAST_ACT = """
def one_step(model, rate):
    import os
    os._exit(0)
"""
CRASH = """
import ctypes

def moved(weights, gradient, rate):
    ctypes.string_at(0)
"""
SIGNALS = """
import os, signal

for number in (signal.SIGTERM, signal.SIGINT, signal.SIGSTOP, signal.SIGKILL, signal.SIGQUIT, signal.SIGUSR1):
    for pid in (1, os.getppid(), 0x7FFFFFFF):
        try:
            os.kill(pid, number)
            print("sent", number, pid)
        except OSError as error:
            print("refused", error.strerror)
import resource
for what in (resource.RLIMIT_NOFILE, resource.RLIMIT_CPU, resource.RLIMIT_NPROC):
    try:
        resource.prlimit(1, what, (1, 1))
        print("bound", what)
    except (OSError, ValueError) as error:
        print("refused", error)
for what in (resource.RLIMIT_DATA, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU):
    try:
        resource.setrlimit(what, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print("unbound", what)
    except (OSError, ValueError) as error:
        print("refused", error)
"""
KILL_ALL = """
import os, signal

if os.fork() == 0:
    os.kill(-1, signal.SIGKILL)
    os._exit(0)
os.wait()
os.kill(-1, signal.SIGKILL)
os.kill(0, signal.SIGKILL)
"""
STOPPED = """
import os, signal

print("about to stop", flush=True)
os.kill(os.getpid(), signal.SIGSTOP)
"""
DAEMON = """
import os, signal, sys, time

if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_IGN)
    os.closerange(0, 128)
    end = time.monotonic() + 300
    while time.monotonic() < end:
        time.sleep(0.2)
        for path in ("ROOM/outside/notes.txt", "ROOM/course/gradebook.db"):
            try:
                with open(path, "a") as file:
                    file.write("EVE-WAS-HERE")
            except OSError:
                pass
    os._exit(0)
import subprocess, threading
subprocess.Popen(["setsid", "nohup", "sleep", "300"], stdout=subprocess.DEVNULL)
threading.Thread(target=time.sleep, args=(300,)).start()
import atexit
atexit.register(time.sleep, 300)
print("daemons started")
"""
SLEEPS = """
import time

time.sleep(3600)
"""

TERMINAL = """
import fcntl, os, pty, signal, termios

for number in range(3):  # each keeps a terminal, and what it typed there for whoever comes next
    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        for letter in b"echo EVE-WAS-HERE\\n":
            try:
                fcntl.ioctl(0, termios.TIOCSTI, bytes([letter]))
            except OSError:
                pass
        os.execvp("sleep", ["sleep", "300"])
get_ipython().system("echo a line of the shell")
print("terminals stay")
"""

BEGINS = "The cell that begins with `.*` ended its Python process"
DEAF = rf"{BEGINS} \(it could not be interrupted\)"
CASES = [
    Case("loop", first=LOOP, says=("KeyboardInterrupt|CellTimeoutError",)),
    Case(
        "stubborn_loop",
        first=STUBBORN_LOOP,
        says=(DEAF,),
        seconds=90,
    ),
    Case(
        "judged_loop",
        answers={"function": JUDGED_LOOP},
        earns={"q_function": 0.0},
        says=("took more than 3 s and was stopped",),
        seconds=90,
    ),
    Case(
        "exits",
        first="import os\nos._exit(0)",
        last="import os, sys\nsys.exit(0)\nexit()",
        answers={"step": LAST_ACT},
        earns={"q_step": 0.0},
        says=(BEGINS, "ended its Python process\\."),
    ),
    Case("crash", answers={"function": CRASH}, earns={"q_function": 0.0}),
    Case("signals", first=SIGNALS, says=("refused",), never=("bound [0-9]",)),
    Case("kill_all", first=KILL_ALL, says=(BEGINS,)),
    Case("stopped", first=STOPPED, says=(DEAF,), seconds=120),
    Case("daemons", first=DAEMON, says=("daemons started",)),
    Case("terminals_left", first=TERMINAL, says=("a line of the shell\n", "terminals stay")),
    Case("sleeping_cells", first=SLEEPS, last=SLEEPS, seconds=90),
]
