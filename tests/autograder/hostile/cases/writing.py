"""Code that writes wherever it can: into the course, the library, the system, the devices.

A sandbox shows the machine's library, and none of it may change. What can be written to is a small
disk that ends with the kernel.
"""

from hostile.case import Case

EVERYWHERE = """
import os, sys, tempfile

kept = {"/home/student", "/tmp", "/dev/shm"}
places = ["/", "/usr", "/usr/lib", "/etc", "/bin", "/home", "/root", "/dev", "/proc", "/proc/1", "/sys"]
places += ["/var/tmp", "/run", sys.prefix, os.__file__, *sys.path, *kept]
places += ["ROOM", "ROOM/course", "ROOM/course/autograder/checks", "ROOM/course/solutions/lr00_trial"]
places += ["ROOM/course/submitted/zoe/lr00_trial", "ROOM/outside", "ROOM/home", "ROOM/tmp"]
import lrlab, torch
places += [os.path.dirname(module.__file__) for module in (lrlab, torch)]
for place in filter(None, places):
    try:
        with open(os.path.join(place, "eve.txt"), "w") as file:
            file.write("EVE-WAS-HERE")
    except OSError:
        continue
    if place not in kept:
        print("wrote", place)
with tempfile.NamedTemporaryFile("w") as file:
    print("scratch", file.write("mine"))
"""
CHANGE = """
import os, sys
import lrlab.models, torch

mark = b"EVE-WAS-HERE"
files = [
    "ROOM/course/autograder/checks/lr00_trial.py",
    "ROOM/course/autograder/judge/server.py",
    "ROOM/course/nbgrader_config.py",
    "ROOM/course/gradebook.db",
    "ROOM/course/solutions/lr00_trial/lr00_trial.ipynb",
    "ROOM/course/submitted/zoe/lr00_trial/lr00_trial.ipynb",
    "ROOM/outside/notes.txt",
    "ROOM/log",
    lrlab.models.__file__,
    torch.__file__,
    sys.executable,
    "/etc/passwd",
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/vm/overcommit_memory",
    "/proc/sysrq-trigger",
    "/proc/1/oom_score_adj",
    "/proc/1/mem",
    "/dev/kmsg",
]
for path in files:
    descriptor = None
    for flags in (os.O_WRONLY | os.O_APPEND, os.O_RDWR):
        try:
            descriptor = os.open(path, flags)
        except OSError:
            continue
        print("opened", path)
        if path.startswith("ROOM"):
            os.write(descriptor, mark)
    for change in (
        lambda: os.chmod(path, 0o777),
        lambda: os.chown(path, 1000, 1000),
        lambda: os.utime(path),
        lambda: os.truncate(path, 0) if path.startswith("ROOM") else os.chmod(path, 0o777),
        lambda: os.rename(path, path + ".eve") if path.startswith("ROOM") else os.utime(path),
        lambda: os.link(path, "/tmp/link" + str(files.index(path))),
        lambda: os.symlink("/tmp", os.path.dirname(path) + "/eve"),
        lambda: os.setxattr(path, "user.eve", b"1"),
    ):
        try:
            change()
            print("changed", path)
        except OSError:
            pass
"""
PRIVILEGE = """
import os, shutil, stat, subprocess

shutil.copy("/bin/cat", "/tmp/cat")
os.chmod("/tmp/cat", 0o6755)
print("who", subprocess.run(["id", "-u"], capture_output=True, text=True).stdout.strip())
for command in (
    ["su", "-c", "id"],
    ["sudo", "-n", "id"],
    ["mount", "-o", "remount,rw", "/"],
    ["mount", "-t", "tmpfs", "none", "/tmp"],
    ["unshare", "-r", "id"],
    ["unshare", "-rm", "mount", "-o", "remount,rw", "/usr"],
    ["nsenter", "-t", "1", "-a", "id"],
    ["chroot", "/tmp", "id"],
    ["passwd", "-d", "root"],
    ["newgrp", "root"],
    ["pkexec", "id"],
):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=3)
    except (OSError, subprocess.TimeoutExpired):
        continue
    if done.returncode == 0:
        print("gained", command, done.stdout)
for name in os.listdir("/usr/bin"):
    if os.stat(f"/usr/bin/{name}").st_mode & stat.S_ISUID and name in ("su", "mount", "passwd"):
        user = os.statvfs("/usr/bin").f_flag & os.ST_NOSUID
        print("suid", "honoured" if not user else "ignored")
"""
CASES = [
    Case(
        "write_everywhere",
        first=EVERYWHERE,
        says=("scratch 4",),
        never=("wrote", "EVE-WAS-HERE"),
    ),
    Case("change_files", first=CHANGE, never=("opened", "changed")),
    Case("privileges", first=PRIVILEGE, says=("who 1000",), never=("gained", "honoured")),
]
