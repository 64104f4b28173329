"""The two databases that are measured: an instance on each, empty or a copy of one that is kept."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from config import Settings
from tools.postgres import PostgresServer, programs

SQLITE, POSTGRESQL = "sqlite", "postgresql"
DATABASE = "hrdtracker.db"
POSTGRESQL_SETTINGS = {"timezone": "UTC", "max_wal_size": "2GB"}
"""Its own settings else: a commit returns when the disk has it."""


@dataclass(frozen=True)
class Instance:
    """An instance for as long as it is open: what the application is told, and how it is kept."""

    settings: Settings
    keep: Callable[[Path], None]
    """Leaves a copy in a folder, once nobody is connected."""


@contextmanager
def _sqlite(kept: Path | None) -> Iterator[Instance]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        if kept:
            shutil.copy(kept / DATABASE, folder / DATABASE)
        yield Instance(
            Settings(instance=folder), lambda to: _copy(folder / DATABASE, to / DATABASE)
        )


def _copy(database: Path, to: Path) -> None:
    shutil.copy(database, to)


@contextmanager
def _postgresql(kept: Path | None) -> Iterator[Instance]:
    with TemporaryDirectory() as folder:
        server = PostgresServer(str(Path(folder).parent), POSTGRESQL_SETTINGS)
        server.start(kept / "data" if kept else None)
        try:
            url = server.url("bench") if kept else server.create("bench")
            settings = Settings(instance=Path(folder), database_url=url)
            yield Instance(settings, lambda to: server.copy_data(to / "data"))
        finally:
            server.stop()


Opener = Callable[[Path | None], AbstractContextManager[Instance]]
ENGINES: Mapping[str, Opener] = MappingProxyType({SQLITE: _sqlite, POSTGRESQL: _postgresql})
"""Each opens an instance: a copy of the one in a folder, or an empty one."""


def version(engine: str) -> str:
    """Return which program’s files a kept instance consists of, where that matters."""
    return str(programs()) if engine == POSTGRESQL else ""
