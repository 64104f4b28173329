"""Where tests keep the files that last one run: in memory if there is room, else on the disk."""

import os
import shutil

MEMORY, DISK = "/dev/shm", "/tmp"  # noqa: S108 - what is made there has a name by chance
ROOM_BYTES = 3 << 30


def room() -> str:
    """Return the folder; in memory a copy of a database takes a tenth of the time."""
    free = shutil.disk_usage(MEMORY).free if os.access(MEMORY, os.W_OK) else 0
    return MEMORY if free > ROOM_BYTES else DISK
