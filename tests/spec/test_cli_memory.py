"""What a process that holds the keys keeps to itself."""

import subprocess
import sys


def test_a_process_that_forbids_dumps_has_none_and_is_read_by_no_other() -> None:
    code = (
        "import ctypes, resource\n"
        "from hrdtracker.cli.memory import forbid_dumps\n"
        "get = lambda: (ctypes.CDLL(None).prctl(3), resource.getrlimit(resource.RLIMIT_CORE))\n"
        "before = get()[0]; forbid_dumps(); print(before, *get())"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "1 0 (0, 0)"
