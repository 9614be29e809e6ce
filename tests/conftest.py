"""What all tests share: one thread, no progress bars, and only the data that the wheel carries.

A test that needs the real data sets says so itself; the rest must hold on any machine.
"""

import os

# Before torch is imported: two test processes with two threads each would wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TQDM_DISABLE", "1")
