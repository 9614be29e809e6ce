"""A time limit that is the same on a busy machine as on an idle one.

A cell that may take a minute, and has got a processor for only half of that, has not had its minute.
The system counts for how long a process could have run and had to wait; ``watch`` adds that up, and
``Lease.waited`` tells. What sleeps or hangs waits for no processor, and ends in time.
"""

import time
from collections.abc import Callable

from autograder.sandbox.limits import MOST

SHORT = 1.0  # seconds; for less nobody asks


class Patience:
    """A number of seconds from now, without those in which the sandbox waits for a processor.

    waited: returns how many these were since it was last called.
    """

    def __init__(self, seconds: float, waited: Callable[[], float]) -> None:
        self._began = time.monotonic()
        self.seconds, self.longest = seconds, MOST * seconds
        self._waited, self._given = waited, 0.0

    def left(self) -> float:
        """Return how many seconds are left, at least; 0 when the time is over."""
        spent = time.monotonic() - self._began
        if spent >= self.seconds + self._given:
            self._given += self._waited()
        return max(min(self.seconds + self._given, self.longest) - spent, 0.0)

    def spent(self) -> float:
        """Return how many seconds have counted so far."""
        spent = time.monotonic() - self._began
        if spent > SHORT:
            self._given += self._waited()
        return max(spent - self._given, 0.0)
