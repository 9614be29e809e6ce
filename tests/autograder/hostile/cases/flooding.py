"""Code that makes too many of something: processes, files, bytes, descriptors, terminals, words.

Each stops by itself after about twice what it may have, and says what it got.
"""

import copy

from hostile.case import Case, cells_of

FORK_BOMB = """
import os, time

first = os.getpid()
for _ in range(9):
    try:
        os.fork()
    except OSError as error:
        if os.getpid() == first:
            print("refused", error.strerror)
if os.getpid() != first:
    end = time.monotonic() + 3
    while time.monotonic() < end:
        pass
    os._exit(0)
print("processes", "few" if len([n for n in os.listdir("/proc") if n.isdigit()]) <= 66 else "many")
"""
THREADS = """
import threading, time

started = 0
try:
    for _ in range(300):
        threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
        started += 1
except RuntimeError as error:
    print("refused", error)
print("threads", "few" if started < 64 else "many")
"""
DISK = """
import os

total = 0
for place in ("/home/student", "/tmp", "/dev/shm"):
    for number in range(6):
        try:
            with open(f"{place}/flood{number}", "wb") as file:
                for _ in range(12):
                    total += file.write(b"x" * 2**20)
        except OSError as error:
            print("refused", error.strerror)
            break
print("wrote", "little" if total <= 33 * 2**20 else "much", total >> 20)
try:
    with open("/tmp/sparse", "wb") as file:
        file.truncate(2**40)
    print("sparse")
except OSError as error:
    print("refused", error.strerror)
"""
FILES = """
import os

made = 0
for number in range(3000):
    try:
        if number % 3 == 0:
            os.mkdir(f"/tmp/folder{number}")
        elif number % 3 == 1:
            os.symlink("x" * 200, f"/dev/shm/link{number}")
        else:
            open(f"/home/student/file{number}", "w").close()
        made += 1
    except OSError as error:
        print("refused", error.strerror)
        break
for number in range(3000):
    try:
        os.link("/home/student/file2", f"/home/student/name{number}")
        made += 1
    except OSError:
        break
print("made", "few" if made < 410 else "many", made)
"""
DESCRIPTORS = """
import os, socket

kept = []
try:
    for number in range(400):
        kept.append(os.open("/dev/null", os.O_RDONLY))
except OSError as error:
    for descriptor in kept:
        os.close(descriptor)
    print("refused", error.strerror)
print("opened", "few" if len(kept) < 256 else "many")
pairs = []
try:
    for number in range(400):
        pairs.append((socket.socketpair(), os.pipe()))
except OSError as error:
    pairs.clear()
    print("refused", error.strerror)
"""
LINES = """
import sys

for number in range(300_000):
    print("EVE-WAS-HERE " * 7)
    print("EVE-WAS-HERE", file=sys.stderr)
"""
ONE_LINE = """
print("EVE-WAS-HERE " * 1_800_000)
"x" * 30_000_000
"""
PICTURES = """
from IPython.display import Image, clear_output, display, update_display

png = b"\\x89PNG\\r\\n\\x1a\\n" + bytes(500_000)
for number in range(50):
    display(Image(png), display_id=f"picture{number}")
    update_display(Image(png), display_id="picture0")
    clear_output(wait=True)
for number in range(20):
    display(Image(png), display_id=f"kept{number}")
for number in range(20):
    update_display(Image(png), display_id=f"kept{number}")
"""
BARS = """
import sys

for number in range(20_000):
    sys.stderr.write(f"\\r{number}")
    sys.stdout.write("abcd\\b\\b\\b")
    if number % 100 == 0:
        sys.stdout.flush()
        sys.stderr.flush()
print("counted")
"""
TERMINALS = """
import os, pty

kept = []
try:
    for number in range(200):
        kept.append(pty.openpty())
except OSError as error:
    print("refused", error.strerror)
filled = 0
for terminal, _ in kept:
    os.set_blocking(terminal, False)
    try:
        while filled < 2**24:
            filled += os.write(terminal, b"EVE-WAS-HERE\\n" * 100)
    except OSError:
        pass
print("terminals", "few" if 0 < len(kept) <= 16 and filled < 2**24 else "many", len(kept), filled)
try:
    get_ipython().system("echo no terminal is left")
except OSError as error:
    print("refused", error)
"""
LOUD_CELL = "print('EVE-WAS-HERE ' * 37_000)\n'x' * 40_000"


def with_loud_cells(document: dict) -> None:
    """Add many cells, each of which writes almost as much as one cell may."""
    loud = cells_of(document)["first"]
    document["cells"] += [{**copy.deepcopy(loud), "id": f"loud-{i}"} for i in range(60)]


CASES = [
    Case("fork_bomb", first=FORK_BOMB, unsure=True, never=("many",), seconds=90),
    Case("threads", first=THREADS, says=("threads few",), unsure=True),
    Case("disk", first=DISK, says=("wrote little",), never=("sparse",)),
    Case("inodes", first=FILES, says=("made few",)),
    Case("open_files", first=DESCRIPTORS, says=("opened few",)),
    Case("terminals", first=TERMINALS, says=("terminals few", "refused out of pty devices")),
    Case("lines", first=LINES, says=("more lines are not kept",), seconds=90),
    Case(
        "one_line",
        first=ONE_LINE,
        last="print('heard')",
        says=("more characters are not kept", "heard"),
    ),
    Case("pictures", first=PICTURES, says=("more pictures are not kept",), seconds=90),
    Case("bars", first=BARS, says=("19999", "counted"), seconds=90),
    Case("loud_cells", first=LOUD_CELL, mutate=with_loud_cells, seconds=300),
]
