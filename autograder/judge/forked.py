"""The first and the last of what a fork of the student's kernel runs: one line, one answer each.

``forks.TEXT`` is this file after ``bridge`` and ``hidden_test``: text that is sent to the kernel for
every fork and executed in it, in a namespace of its own with ``student`` (the student's variables),
``listener`` (the number of a listening socket), ``token`` and ``patience`` (seconds). It must run
alone. Whoever connects and names the token asks; everything of IPython that would write to the
kernel's own sockets is silenced, as they belong to the parent.

A question is one line of JSON with ``nonce``, ``seconds`` (of processor time) and ``longest`` (of wall
time); it is answered by one line. A question that takes too long ends this process, which nobody
misses: the kernel goes on.
"""

import contextlib
import itertools
import json
import os
import resource
import signal
import socket
import sys
import time

_SIGNALS = (signal.SIGALRM, signal.SIGXCPU, signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)


def _quiet():
    """Let go of what belongs to the kernel: signals, trace functions, streams, its sockets."""
    sys.settrace(None)
    sys.setprofile(None)
    signal.set_wakeup_fd(-1)
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nowhere, number)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 (as long as this process)
    sys.stdout = open(1, "w", errors="replace", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", errors="replace", closefd=False)  # noqa: SIM115
    streams = sys.modules.get("ipykernel.iostream")
    if streams:
        streams.OutStream.write = lambda stream, text: _stream(stream.name).write(text)
        streams.OutStream.flush = lambda stream: _stream(stream.name).flush()
        streams.IOPubThread.schedule = lambda *arguments: None  # its thread is not in a fork
    if "torch" in sys.modules:  # the threads of its pool are not in a fork
        sys.modules["torch"].set_num_threads(1)


def _stream(name):
    """Return what stands for one of ipykernel's streams, which old references still name."""
    return sys.stderr if name == "stderr" else sys.stdout


def _bound(seconds, longest):
    """Have this process end by itself when nobody asks it any more.

    That is ``seconds`` of processor time from now, or ``longest`` of wall time.
    """
    signal.alarm(int(longest) + 1)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(time.process_time() + seconds) + 2
    soft = soft if most == resource.RLIM_INFINITY else min(soft, most)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, most))


def _conversation():
    """Return the connection of whoever has a question, and the lines that come from there.

    Who gave up on an earlier fork has none. The token shows that this is the fork, and not whatever
    else of the student's waits on that socket: before it nothing is asked.
    """
    waiting = socket.socket(fileno=listener)  # noqa: F821 (set by whoever executes this text)
    while True:
        line, _ = waiting.accept()
        incoming = line.makefile("rb")
        with contextlib.suppress(OSError):
            line.sendall(token.encode() + b"\n")  # noqa: F821
            if first := incoming.readline():
                return line, itertools.chain([first], incoming)
        line.close()


def _main():
    _quiet()
    _bound(patience, patience)  # noqa: F821
    line, incoming = _conversation()
    for text in incoming:
        question = json.loads(text)
        _bound(question["seconds"], question["longest"])
        reply = _answer(question)  # noqa: F821 (of ``bridge``)
        reply["nonce"] = question["nonce"]
        line.sendall(json.dumps(reply).encode() + b"\n")
        signal.alarm(0)  # the judge may work for long before it asks again, or hangs up


_main()
