"""Bounds on what a student's kernel may send to us: for nbgrader's side and for the judge's.

What the kernel itself may use (memory, time, processes, disk) stands in ``limits``.
"""

import zmq

MAX_MESSAGE = 96 * 2**20  # bytes; a kernel that sends a larger message is cut off
SEND_MILLISECONDS = 5_000  # a kernel that breaks ZeroMQ's protocol takes no message ever again
MOST_GROWTH = 2**30  # bytes of our memory that a kernel may fill; a message may be endless


def bound(context: zmq.Context, waiting: int) -> None:
    """Bound what the sockets of ``context`` take from a kernel, and how long they try to send.

    waiting: how many messages of one channel may wait to be read.
    """
    context.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE)
    context.setsockopt(zmq.RCVHWM, waiting)
    context.setsockopt(zmq.SNDTIMEO, SEND_MILLISECONDS)
