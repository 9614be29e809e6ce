"""Code that takes more memory than it may, by every door that Linux leaves open.

The bound is 2000 MiB. Each case stops by itself at about 4 GiB, so that it harms
nothing where it is let; what it took it says, and 2600 MiB or more is too much.
"""

from hostile.case import Case

TOO_MUCH = r"took (2[6-9]|[3-9]\d)\d\d MiB"
STEPS = """
import ctypes, mmap, os, sys, threading, time

libc = ctypes.CDLL(None, use_errno=True)
STEP = 400
ready, tell = os.pipe()


def fill(taken):
    ctypes.memset(ctypes.addressof(ctypes.c_char.from_buffer(taken)), 1, len(taken))
    return taken


def take():
    return fill(mmap.mmap(-1, STEP * 2**20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))


def children(child):
    total = 0
    for _ in range(10):
        if os.fork() == 0:
            try:
                child()
            finally:
                os.write(tell, b"!")
                os._exit(1)
        if os.read(ready, 1) == b"!":
            print("refused")
            return
        total += STEP
        time.sleep(0.2)
        print(f"took {total} MiB", flush=True)


def stay():
    os.write(tell, b"x")
    time.sleep(60)


"""
ALONE = """
kept = []
try:
    for number in range(10):
        kept.append(take())
        print(f"took {(number + 1) * STEP} MiB", flush=True)
except (MemoryError, OSError) as error:
    print("refused", type(error).__name__)
del kept
"""
TOGETHER_CODE = """
def child():
    kept = take()
    stay()


children(child)
"""
HIDDEN = """
def child():
    libc.prctl(4, 0, 0, 0, 0)  # not dumpable: nobody may look into this process
    kept = take()
    stay()


children(child)
"""
HEADLESS = """
import pyseccomp


def child():
    def work():
        kept = take()
        stay()

    threading.Thread(target=work).start()
    libc.syscall(pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, "exit"), 0)  # of one thread


children(child)
"""
MEMORY_FILES = """
def child():
    block = b"x" * 2**20
    files = []
    for _ in range(STEP // 16):
        files.append(os.memfd_create("x"))
        for _ in range(16):
            os.write(files[-1], block)
    stay()


children(child)
"""
SYSTEM_V = """
libc.shmat.restype = ctypes.c_void_p
total = 0
for _ in range(10):
    segment = libc.shmget(0, ctypes.c_size_t(STEP * 2**20), 0o1600)
    if segment < 0:
        print("refused")
        break
    address = libc.shmat(segment, None, 0)
    ctypes.memset(address, 1, STEP * 2**20)
    libc.shmdt(ctypes.c_void_p(address))
    total += STEP
    print(f"took {total} MiB", flush=True)
"""
PAGE_TABLES = """
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_size_t]


def tables():
    for line in open("/proc/self/status"):
        if line.startswith("VmPTE"):
            return int(line.split()[1]) // 1024


for _ in range(30):
    size = 2**36
    address = libc.mmap(None, size, 1, 0x4022, -1, 0)
    if address in (None, ctypes.c_void_p(-1).value):
        print("refused")
        break
    libc.madvise(ctypes.c_void_p(address), ctypes.c_size_t(size), 15)
    for place in range(address, address + size, 2**21):
        ctypes.c_char.from_address(place).value
    print(f"took {tables()} MiB", flush=True)
"""
SHARED = """
total, kept = 0, []
for _ in range(10):
    shared = fill(mmap.mmap(-1, STEP * 2**20, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS))
    shared.madvise(mmap.MADV_DONTNEED)  # no page of it is this process's any more
    kept.append(shared)
    total += STEP
    print(f"took {total} MiB", flush=True)
"""


def greedy(name: str, code: str, **expected: object) -> Case:
    """Return a case that takes memory with ``code`` in its first cell."""
    return Case(name, first=STEPS + code, never=(TOO_MUCH,), seconds=90, **expected)


CASES = [
    greedy("memory_alone", ALONE, says=("refused",)),
    greedy("memory_together", TOGETHER_CODE, says=("more than 2000 MiB of memory",)),
    greedy("memory_hidden", HIDDEN),
    greedy("memory_headless", HEADLESS),
    greedy("memory_files", MEMORY_FILES),
    greedy("memory_system_v", SYSTEM_V),
    greedy("memory_page_tables", PAGE_TABLES),
    greedy("memory_shared", SHARED),
]
