"""The measured server as a process of its own: its port, the time it used, the memory it holds."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import Settings
from hrdtracker.app import ROOT

NANO = 1e-9
KIB = 1024


class Server:
    """A running server: of an instance, or of the empty page."""

    def __init__(self, settings: Settings | None) -> None:
        began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.server", *_arguments(settings)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self.start_s = time.monotonic() - began

    def cpu_s(self) -> float:
        """Return the processor time that all its threads have used, in seconds."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        return sum(int(_first(task / "schedstat")) for task in tasks.iterdir()) * NANO

    def memory_mib(self) -> tuple[int, int]:
        """Return the memory it holds now and held at most, in MiB."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text("ascii").splitlines()
        held = {line.split()[0]: line.split()[1:2] for line in lines}
        return int(held["VmRSS:"][0]) // KIB, int(held["VmHWM:"][0]) // KIB

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


@contextmanager
def running(settings: Settings | None) -> Iterator[Server]:
    """Run a server for as long as this is open."""
    server = Server(settings)
    try:
        yield server
    finally:
        server.stop()


def _arguments(settings: Settings | None) -> tuple[str, ...]:
    return (str(settings.instance), settings.database_url) if settings else ()


def machine() -> dict[str, str | int]:
    """Return what the figures were measured on."""
    names = (
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        if line.startswith("model name")
    )
    memory = _first(Path("/proc/meminfo"), column=1)
    return {
        "processor": next(names, "unknown"),
        "processors": os.cpu_count() or 1,
        "memory_mib": int(memory) // KIB,
        "python": sys.version.split()[0],
        "load_before": f"{os.getloadavg()[0]:.2f}",
    }


def _first(path: Path, column: int = 0) -> str:
    return path.read_text("ascii").split()[column]
