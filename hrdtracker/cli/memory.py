"""What is in our memory stays there: the keys of a running process never reach a dump on a disk."""

import ctypes
import resource
import sys

PR_SET_DUMPABLE = 4


def forbid_dumps() -> None:
    """Let this process leave no core dump, and no other of its user read its memory, on Linux."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
