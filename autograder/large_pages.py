"""Makes a process cheap to fork: Linux copies one entry for each page of its memory.

Python takes its memory in pages of 4 KiB, of which torch and what it imports fill 60,000; gathered
into pages of 2 MiB they are a few hundred. A fork then takes half the time, and so does its end.
"""

import ctypes
import sys
from pathlib import Path

LARGE = 2**21
COLLAPSE = 25  # MADV_COLLAPSE, from Linux 6.1 on; the number is the kernel's


def gather() -> None:
    """Move this process's own memory into large pages, as far as the system can."""
    if sys.platform != "linux":
        return
    advise = ctypes.CDLL(None).madvise
    for line in Path("/proc/self/maps").read_text().splitlines():
        addresses, rights, *_, name = [*line.split(maxsplit=5), ""][:6]
        if rights == "rw-p" and name in ("", "[heap]"):
            first, last = (int(address, 16) for address in addresses.split("-"))
            first, last = -(-first // LARGE) * LARGE, last // LARGE * LARGE
            if first < last:
                advise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), COLLAPSE)
