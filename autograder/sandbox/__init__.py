"""A place where a student's code can run and harm nothing: one real kernel in its own namespaces.

``limits``    what one submission may use
``linux``     the few system calls that Python 3.11 does not offer
``cgroup``    the system's own bound on all processes together, where it can be had
``view``      the file system that the kernel sees: the library, read-only, and a small scratch disk
``init``      process 1 of the sandbox: starts the kernel, watches its use, ends everything
``watch``     what its processes use
``inside``    the kernel itself: gives up every privilege, then serves cells over unix sockets
``pristine``  what instructors' tests rely on, as it was before students' code ran
``warm``      a process that has imported torch and forks each sandbox; it never runs student code
``lease``     the line to a sandbox: its limits, its interrupts, what it used and how it ended
``patience``  a time limit in which waiting for a processor does not count
``bounds``    what its kernel may send to us
``client``    how nbclient speaks to its kernel
``manager``   what nbclient and nbgrader see of all this: a kernel manager

The steps are bubblewrap's, after a fork instead of before an exec: a kernel that had to import
torch first would take seconds to be ready.
"""

CHANNELS = ("shell", "iopub", "stdin", "hb", "control")  # a kernel's sockets, in this order
FORKS = 300  # in a kernel, the descriptor of the socket on which forks of it listen
