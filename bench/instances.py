"""The instances that are measured: filled once for each size and engine, then kept and copied."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from bench.engines import ENGINES, version
from bench.load import fill
from config import Settings
from hrdtracker.app import ROOT

KEPT = ROOT / "build" / "bench"
STAMP = "made-by"


@contextmanager
def copy_of(events: int, engine: str) -> Iterator[Settings]:
    """Open a copy of the instance with so many incidents."""
    with ENGINES[engine](kept(events, engine)) as instance:
        yield instance.settings


@contextmanager
def empty(engine: str) -> Iterator[Settings]:
    """Open an instance without tables."""
    with ENGINES[engine](None) as instance:
        yield instance.settings


def kept(events: int, engine: str) -> Path:
    """Return the folder that keeps the instance with so many incidents; made once."""
    folder = KEPT / f"{engine}-{events}"
    stamp, made_by = folder / STAMP, f"{_source()} {version(engine)}"
    if stamp.exists() and stamp.read_text("utf-8") == made_by:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with ENGINES[engine](None) as instance:
        fill(instance.settings, events)
        instance.keep(folder)
    stamp.write_text(made_by, "utf-8")
    return folder


def _source() -> str:
    """Return a digest of everything that decides what an instance holds."""
    digest = sha256()
    names = ("dataset", "fund_books", "fund_rows", "load", "mapping", "rows", "staff")
    paths = [ROOT / "bench" / f"{name}.py" for name in names]
    paths += sorted((ROOT / "migrations" / "versions").glob("*.py"))
    paths += sorted((ROOT / "hrdtracker" / "codelists" / "data").glob("*.csv"))
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()
