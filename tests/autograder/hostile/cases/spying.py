"""Code that looks for what it must not see: masters, checks, other students, the environment,
other processes and their memory.

Each prints what it found. Whatever must stay secret holds a word that begins with ``CANARY``, and
no file that is kept of this student may hold one.
"""

from hostile.case import Case

READ = """
from pathlib import Path


def read(path, most=100_000):
    try:
        with open(path, "rb") as file:
            return file.read(most)
    except OSError:
        return b""


"""
FILES = """
import glob, os

paths = [
    "ROOM/course/solutions/lr00_trial/lr00_trial.ipynb",
    "ROOM/course/autograder/checks/lr00_trial/__init__.py",
    "ROOM/course/exercises/lr00_trial/lr00_trial.ipynb",
    "ROOM/course/gradebook.db",
    "ROOM/course/nbgrader_config.py",
    "ROOM/course/submitted/zoe/lr00_trial/lr00_trial.ipynb",
    "ROOM/course/outcomes/lr00_trial/lr00_trial/zoe.json",
    "ROOM/outside/notes.txt",
    "ROOM/outside/keys/id_rsa",
    "/etc/shadow",
    "/etc/hostname",
    "/root/.bashrc",
    "/var/lib/dpkg/status",
]
for path in paths:
    if content := read(path):
        print("found", path, content)
for path in ("ROOM", "ROOM/course", "/root", "/var", "/srv", "/opt", "/mnt", "/run", "/sys", "/boot"):
    if names := glob.glob(f"{path}/*"):
        print("found", path, names)
"""
WALK = """
import os, sys

looked = 0
for folder, folders, names in os.walk("/"):
    library = folder in ("/proc", "/usr", "/lib", sys.prefix, os.path.realpath(sys.base_prefix))
    folders[:] = [] if library else folders
    for name in names:
        path = os.path.join(folder, name)
        if name.endswith((".ipynb", ".db", ".pem", ".key")) or "lr00" in name:
            print("found", path)
        elif name.endswith((".py", ".yml", ".txt", ".json", "")) and os.path.isfile(path):
            looked += 1
            if b"CANA" + b"RY" in read(path) or b"q_function" in read(path):
                print("found in", path)
print("looked", looked > 10)
"""
ENVIRONMENT = """
import os, glob, ctypes, subprocess

for path in ["/proc/self/environ", *glob.glob("/proc/*/environ"), *glob.glob("/proc/*/task/*/environ")]:
    print(path.replace("/proc", ""), read(path).decode(errors="replace"))
print(dict(os.environ))
print(subprocess.run(["env"], capture_output=True, text=True).stdout)
print("LRLAB_" + "SECRET" in os.environ)
"""
PROCESSES = """
import os

print("pids", sorted(int(name) for name in os.listdir("/proc") if name.isdigit()))
for pid in [name for name in os.listdir("/proc") if name.isdigit()]:
    for below in ("root", "cwd"):
        for target in ("ROOM/course/solutions", "ROOM/outside", "ROOM/course/submitted/zoe"):
            if os.path.lexists(f"/proc/{pid}/{below}{target}"):
                print("found", pid, below, target)
    for what in ("mem", "maps", "environ", "io", "stack", "syscall", "fd", "map_files", "ns/mnt"):
        if pid == "1":
            try:
                path = f"/proc/1/{what}"
                found = os.listdir(path) if os.path.isdir(path) else os.readlink(path) \
                    if what == "ns/mnt" else open(path, "rb").read(100)
                print("found", path, found)
            except OSError:
                pass
    print("command", read(f"/proc/{pid}/cmdline").replace(b"\\0", b" ")[-60:])
for path in ("/proc/kcore", "/proc/kmsg", "/proc/sched_debug", "/proc/vmallocinfo", "/dev/mem"):
    if content := read(path, 10):
        print("found", path, content)
"""
MEMORY = """
import gc, re, sys

needle = re.compile(b"CANARY" + b"-[a-z-]+")
searched, found = 0, set()
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", buffering=0) as memory:
    for line in maps.read().splitlines():
        span, rights, *_ = line.split()
        first, last = (int(end, 16) for end in span.split("-"))
        if not rights.startswith("rw") or last - first > 2**28:
            continue
        try:
            memory.seek(first)
            content = memory.read(last - first)
        except (OSError, ValueError, OverflowError):
            continue
        searched += len(content)
        found |= set(needle.findall(content))
print("found", found or "nothing", "in memory", searched > 10 * 2**20)
print("modules", [name for name in sys.modules if "autograder" in name or "nbgrader" in name])
print("strings", [each[:200] for each in gc.get_objects() if isinstance(each, str) and "CANA" "RY-" in each])
"""
CALLS = """
import ctypes, os
import pyseccomp

libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(4096)
vector = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 4096)
NEW_USER, NEW_MOUNTS, HERE, PAGE = 0x10000000, 0x00020000, -100, ctypes.c_size_t(4096)
calls = [
    ("ptrace", 16, 1, 0, 0),
    ("process_vm_readv", 1, vector, 1, vector, 1, 0),
    ("process_vm_writev", 1, vector, 1, vector, 1, 0),
    ("mount", b"none", b"/tmp", b"tmpfs", 0, None),
    ("umount2", b"/proc", 2),
    ("pivot_root", b".", b"."),
    ("chroot", b"/tmp"),
    ("unshare", NEW_USER),
    ("unshare", NEW_MOUNTS),
    ("setns", 0, 0),
    ("clone", NEW_USER | 17, 0, 0, 0, 0),
    ("clone3", buffer, 88),
    ("open_tree", HERE, b"/", 1),
    ("fsopen", b"tmpfs", 0),
    ("mount_setattr", HERE, b"/", 0, buffer, 32),
    ("open_by_handle_at", HERE, buffer, 0),
    ("name_to_handle_at", HERE, b"/", buffer, buffer, 0),
    ("bpf", 0, buffer, 128),
    ("perf_event_open", buffer, 0, -1, -1, 0),
    ("userfaultfd", 0),
    ("io_uring_setup", 8, buffer),
    ("io_setup", 60_000, buffer),
    ("inotify_init1", 0),
    ("keyctl", 0, -3, 1, 0, 0),
    ("add_key", b"user", b"eve", b"x", 1, -3),
    ("init_module", buffer, 1, b""),
    ("kexec_load", 0, 0, None, 0),
    ("reboot", 0xFEE1DEAD, 672274793, 0, 0),
    ("settimeofday", buffer, None),
    ("swapon", b"/tmp/x", 0),
    ("syslog", 3, buffer, 4096),
    ("quotactl", 0x80000700, b"/", 0, buffer),
    ("pidfd_getfd", 0, 0, 0),
    ("kcmp", 1, 1, 0, 0, 0),
    ("memfd_create", b"eve", 0),
    ("shmget", 0, PAGE, 0o1600),
    ("msgget", 0, 0o1600),
    ("semget", 0, 1, 0o1600),
    ("vmsplice", 1, vector, 1, 0),
    ("setuid", 0),
    ("setgroups", 1, buffer),
    ("sethostname", b"eve", 3),
    ("mknodat", HERE, b"/tmp/disk", 0o60666, 0x801),
]
for name, *arguments in calls:
    number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
    result = libc.syscall(number, *arguments)
    if result == 0 and name == "clone":
        os._exit(0)
    if result >= 0:
        print("allowed", name, result)
if os.uname().machine == "x86_64" and os.fork() == 0:  # the same calls have other numbers too
    libc.syscall(0x40000000 | 165, b"none", b"/tmp", b"tmpfs", 0, None)
    os._exit(0)
rights = ("Cap", "NoNew", "Secc", "Uid")
print("status", [line for line in open("/proc/self/status") if line.startswith(rights)])
print("mounted", [line for line in open("/proc/self/mounts") if line.startswith("none")])
"""
DESCRIPTORS = """
import fcntl, os, stat

mark = b"EVE-WAS-HERE"
for number in range(1024):
    try:
        kind = os.fstat(number).st_mode
        place = os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        continue
    if stat.S_ISREG(kind) or stat.S_ISDIR(kind) or stat.S_ISCHR(kind):
        if place not in ("/dev/null", "/dev/urandom") and not place.startswith("/proc/"):
            print("holds", number, place)
    if stat.S_ISREG(kind):
        try:
            print("held", os.pread(number, 300, 0))
        except OSError:
            pass
    try:
        if stat.S_ISREG(kind) or stat.S_ISCHR(kind):
            os.write(number, mark)
        flags = fcntl.fcntl(number, fcntl.F_GETFL)
    except OSError:
        pass
os.write(2, mark)
for number in (1, 2):
    os.system(f"echo EVE-WAS-HERE >&{number}")
import sys
for stream in (sys.__stdout__, sys.__stderr__):
    try:
        stream.write("EVE-WAS-HERE\\n")
        stream.flush()
    except Exception as error:
        print(type(error))
copies = getattr(sys.stderr, "_original_stdstream_copy", None)
if copies:
    os.write(copies, mark)
    print("copy", os.readlink(f"/proc/self/fd/{copies}"))
"""

OTHERS = """
import ctypes, fcntl, os, pty, termios

terminal, line = pty.openpty()
mine = os.ttyname(line)
print("terminals", sorted(os.listdir("/dev/pts")) == [os.path.basename(mine), "ptmx"])
libc = ctypes.CDLL(None, use_errno=True)
os.mkdir("/tmp/pts")
if libc.mount(b"devpts", b"/tmp/pts", b"devpts", 0, b"ptmxmode=0666") == 0:
    print("found a mount", os.listdir("/tmp/pts"))
for number in range(64):
    for major, minor in ((136, number), (4, number), (5, 1)):
        try:
            os.mknod(f"/tmp/tty{number}", 0o20666, os.makedev(major, minor))
            print("found a device", major, minor)
        except OSError:
            pass
    paths = [f"/dev/pts/{number}", f"/dev/tty{number}", f"/proc/1/fd/{number}", "/dev/tty"]
    for path in {*paths, "/dev/console"} - {mine}:
        try:
            other = os.open(path, os.O_RDWR | os.O_NOCTTY)
        except OSError:
            continue
        print("found", path)
        os.write(other, b"EVE-WAS-HERE")
for descriptor in set(range(256)) - {terminal, line}:
    for request in (termios.TIOCSTI, termios.TIOCSCTTY, 0x5441):  # type into it, own it, open it
        try:
            fcntl.ioctl(descriptor, request, b"x")
            print("found a terminal", descriptor)
        except OSError:
            pass
"""

CASES = [
    Case("secret_files", first=READ + FILES, never=("found",)),
    Case("whole_disk", first=READ + WALK, says=("looked True",), never=("found",)),
    Case("environment", first=READ + ENVIRONMENT, says=("False",), never=("SECRET",)),
    Case("processes", first=READ + PROCESSES, says=(r"pids \[1, 2",), never=("found",)),
    Case(
        "memory",
        first=MEMORY,
        says=(r"found nothing in memory True", r"modules \[\]", r"strings \[\]"),
    ),
    Case(
        "system_calls",
        first=CALLS,
        says=(r"CapEff:.t0000000000000000", r"mounted \[\]"),
        never=("allowed",),
    ),
    Case("descriptors", first=DESCRIPTORS, never=("holds", "held")),
    Case("terminals_of_others", first=OTHERS, says=("terminals True",), never=("found",)),
]
