"""The kernel of a sandbox: gives up every privilege, then serves cells.

From here on everything in this process belongs to the student. It holds six listening sockets
that the grader made; no folder is shared with the machine outside.
"""

import errno
import importlib
import json
import mmap
import os
import random
import resource
import signal
import socket
import sys
import tempfile

import pyseccomp
import zmq
from ipykernel.heartbeat import Heartbeat
from ipykernel.kernelapp import IPKernelApp

from autograder.sandbox import FORKS, linux, pristine
from autograder.sandbox.limits import Limits
from autograder.sandbox.view import HOME, USER_ID
from autograder.submission.files import unpack

# Calls that a notebook has no use for, and that have opened ways out of a sandbox before, give
# memory that no process seems to hold, or use up what the whole machine has only so many of.
FORBIDDEN = [
    "acct",
    "add_key",
    "bpf",
    "chroot",
    "clock_settime",
    "delete_module",
    "fanotify_init",
    "finit_module",
    "fsconfig",
    "fsmount",
    "fsopen",
    "fspick",
    "init_module",
    "inotify_init",
    "inotify_init1",
    "io_setup",
    "io_uring_enter",
    "io_uring_register",
    "io_uring_setup",
    "kcmp",
    "kexec_file_load",
    "kexec_load",
    "keyctl",
    "memfd_create",
    "memfd_secret",
    "mount",
    "mount_setattr",
    "move_mount",
    "msgget",
    "name_to_handle_at",
    "nfsservctl",
    "open_by_handle_at",
    "open_tree",
    "perf_event_open",
    "pidfd_getfd",
    "pivot_root",
    "process_vm_readv",
    "process_vm_writev",
    "ptrace",
    "quotactl",
    "reboot",
    "request_key",
    "semget",
    "setns",
    "settimeofday",
    "shmget",
    "swapoff",
    "swapon",
    "syslog",
    "umount2",
    "unshare",
    "userfaultfd",
    "vhangup",
    "vmsplice",
]
SOCKETS = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)  # ZeroMQ needs all
MOST_WAITING = 100_000  # messages that wait here until they are read; more would be thrown away


class SandboxedKernelApp(IPKernelApp):
    """ipykernel on sockets that are already listening; the number of a port is a descriptor."""

    def _try_bind_socket(self, s: zmq.Socket, port: int) -> int:
        s.setsockopt(zmq.USE_FD, port)
        s.setsockopt(zmq.SNDHWM, MOST_WAITING)
        return super()._try_bind_socket(s, port)

    def init_control(self, context: zmq.Context) -> None:
        """Open the control channel; the debugger's way back to the shell would lead nowhere."""
        super().init_control(context)
        self.debug_shell_socket.disconnect(self.shell_socket.getsockopt(zmq.LAST_ENDPOINT))

    def init_heartbeat(self) -> None:
        """Start the heartbeat in its thread."""
        context = zmq.Context()
        context.setsockopt(zmq.USE_FD, self.hb_port)
        self.heartbeat = Heartbeat(context, (self.transport, self.ip, self.hb_port))
        self.heartbeat.start()


def make_kernel(
    listeners: dict[str, int], forks: int, key: str, environment: dict[str, str], limits: Limits
) -> SandboxedKernelApp:
    """Give up every privilege, and return a kernel on ``listeners`` (descriptors by channel).

    forks: the descriptor of the socket on which forks of this process are asked.
    Nothing of the student's is here yet: what fails is the machine's or ours.
    """
    os.setsid()
    linux.bound_capabilities()
    os.setresgid(USER_ID, USER_ID, USER_ID)
    os.setresuid(USER_ID, USER_ID, USER_ID)
    linux.drop_capabilities()
    linux.no_new_privileges()
    linux.show_memory()
    _forbid_calls()
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(forks, FORKS, inheritable=False)
    os.close(forks)
    os.chdir(HOME)
    tempfile.tempdir = None  # the warm process may know a folder that is not here
    _bound(limits)
    noted = pristine.noted()
    for name in [name for name in sys.modules if name.partition(".")[0] == "autograder"]:
        del sys.modules[name]
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    connection = "/tmp/kernel.json"
    with open(connection, "w") as file:
        ports = {f"{channel}_port": descriptor for channel, descriptor in listeners.items()}
        json.dump({"transport": "ipc", "ip": "/tmp/kernel", "key": key, **ports}, file)
    sys.argv = ["ipykernel", "-f", connection, "--HistoryManager.hist_file=:memory:"]
    kernel = SandboxedKernelApp.instance()
    kernel.initialize(sys.argv[1:])
    kernel.shell.unobserve_all("exit_now")  # quit() would end it a moment later, or not in time
    kernel.noted = noted
    return kernel


def serve(kernel: SandboxedKernelApp, files: int) -> None:
    """Run ``kernel`` beside what the student handed in: ``files`` is the descriptor of a tar."""
    with open(files, "rb") as file:
        unpack(file, HOME)
    importlib.invalidate_caches()  # of a folder that was empty
    kernel.start()


def _bound(limits: Limits) -> None:
    """Set the limits that the system itself holds, for every process from here on."""
    bounds = {
        resource.RLIMIT_DATA: limits.memory,
        resource.RLIMIT_NPROC: limits.processes,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_FSIZE: limits.file_size,
        resource.RLIMIT_CPU: int(limits.notebook_cpu) + 1,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for what, bound in bounds.items():
        resource.setrlimit(what, (bound, bound))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write beyond the limit fails with an error


def _forbid_calls() -> None:
    """Have the kernel refuse FORBIDDEN, new user namespaces, other sockets, and nameless memory."""
    refuse = pyseccomp.ERRNO(errno.EPERM)
    rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
    for name in FORBIDDEN:
        rules.add_rule(refuse, name)
    # clone3 hides its flags from a filter; libc uses clone when clone3 does not exist.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    user = linux.CLONE_NEWUSER
    rules.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, user, user))
    nameless = mmap.MAP_SHARED | mmap.MAP_ANONYMOUS  # memory that stays when nothing shows it
    rules.add_rule(refuse, "mmap", pyseccomp.Arg(3, pyseccomp.MASKED_EQ, nameless, nameless))
    unknown = pyseccomp.ERRNO(errno.EAFNOSUPPORT)
    for call in ("socket", "socketpair"):
        for family in set(range(max(SOCKETS))) - set(SOCKETS):
            rules.add_rule(unknown, call, pyseccomp.Arg(0, pyseccomp.EQ, family))
        rules.add_rule(unknown, call, pyseccomp.Arg(0, pyseccomp.GT, max(SOCKETS)))
    rules.load()
