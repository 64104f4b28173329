"""A longer way to the database: passes everything on, each piece late by half a round trip.

It runs as a process of its own, so that it takes no time from the server that is measured.
"""

import asyncio
import subprocess
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from selectors import SelectSelector
from tempfile import TemporaryDirectory

from sqlalchemy import make_url

from config import Settings
from hrdtracker.app import ROOT

SOCKET = ".s.PGSQL.5432"
LARGEST_READ = 1 << 16


@contextmanager
def at_distance(settings: Settings, latency_ms: float) -> Iterator[Settings]:
    """Return settings under which each round trip to PostgreSQL takes so much longer."""
    if not latency_ms:
        yield settings
        return
    url = make_url(settings.database_url)
    with TemporaryDirectory() as folder:
        sockets = Path(folder) / SOCKET, Path(str(url.query["host"])) / SOCKET
        command = [sys.executable, "-m", "bench.latency", *map(str, sockets), str(latency_ms)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            far = url.update_query_dict({"host": folder})
            try:
                yield replace(settings, database_url=far.render_as_string(hide_password=False))
            finally:
                process.terminate()


async def serve(near: str, far: str, delay_s: float) -> None:
    """Listen on the socket `near`, and pass on what arrives to and from the socket `far`."""

    async def connect(reader: StreamReader, writer: StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(far)
        await asyncio.gather(_carry(reader, back, delay_s), _carry(there, writer, delay_s))

    server = await asyncio.start_unix_server(connect, near)
    print("ready", flush=True)
    await server.serve_forever()


async def _carry(reader: StreamReader, writer: StreamWriter, delay_s: float) -> None:
    """Write each piece `delay_s` after it arrived; many may be on their way at once."""
    loop = asyncio.get_running_loop()
    while piece := await reader.read(LARGEST_READ):
        loop.call_later(delay_s, writer.write, piece)
    loop.call_later(delay_s, writer.close)


def main(near: str, far: str, latency_ms: str) -> None:
    """Serve until it is ended. It waits by select, whose microseconds epoll rounds up to a ms."""
    loop = asyncio.SelectorEventLoop(SelectSelector())
    loop.run_until_complete(serve(near, far, float(latency_ms) / 2000))


if __name__ == "__main__":
    main(*sys.argv[1:])
