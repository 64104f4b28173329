"""Connections as the server keeps them: whoever sends half a request and waits stops nobody.

The server itself answers what is no request at all; such an answer carries what every one does.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask

CONNECTIONS_MOST = 500
"""How many there are at once; for another one, the one is closed that has waited longest."""
WAITING_MOST = 128 * 1024 * 1024
"""Bytes of requests that are kept before they are answered; beyond, the oldest unfinished goes."""
SECONDS_FOR_A_HEAD = 30
"""How long what stands above a request may take, and how long nothing at all may come."""
LOOKED_AT_EVERY_S = 5
LARGEST_HEAD = 64 * 1024


def settings() -> dict[str, Any]:
    """Return how the server treats its connections; `poll`, since `select` ends at 1,024 files."""
    return {
        "asyncore_use_poll": True,
        "connection_limit": 2 * CONNECTIONS_MOST,  # above ours, or it would listen no more
        "channel_timeout": SECONDS_FOR_A_HEAD,
        "cleanup_interval": LOOKED_AT_EVERY_S,
        "max_request_header_size": LARGEST_HEAD,
        "recv_bytes": 64 * 1024,
    }


def keep(server: BaseWSGIServer, headers: Mapping[str, str]) -> None:
    """Let a server keep its connections so; `headers` stand on every answer of its own."""
    answer = type("Answer", (OwnAnswer,), {"headers": tuple(headers.items())})
    server.channel_class = type("Connection", (KeptConnection,), {"error_task_class": answer})


@dataclass(frozen=True)
class BareAnswer:
    """What the server says by itself: a number and its name, and nothing that was sent."""

    sentence: str
    headers: Sequence[tuple[str, str]]

    def to_response(self, _ident: str | None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Return the answer as the server writes it."""
        kind = ("Content-Type", "text/plain; charset=utf-8")
        return self.sentence, [kind, *self.headers], f"{self.sentence}\n".encode()


class OwnAnswer(ErrorTask):  # type: ignore[misc] # of a package without types
    """The answer to what is no request at all, or could not be answered."""

    headers: Sequence[tuple[str, str]] = ()

    def execute(self) -> None:
        """Write the answer and end the connection."""
        error = self.request.error
        self.request.error = BareAnswer(f"{error.code} {error.reason}", self.headers)
        super().execute()


class KeptConnection(HTTPChannel):  # type: ignore[misc] # of a package without types
    """A connection; `since` is when it began to wait: for a request, or for the rest of one."""

    since = 0.0

    def __init__(self, server: BaseWSGIServer, *args: Any, **options: Any) -> None:
        self.since = time.time()
        super().__init__(server, *args, **options)
        make_room(server.active_channels.values())

    def handle_read(self) -> None:
        """Read a piece; a head is not given more time because it comes in small pieces."""
        if self.request is None:
            self.since = time.time()
        super().handle_read()
        if self.request is not None:
            if not self.request.headers_finished:
                self.last_activity = self.since
            make_room(self.server.active_channels.values())

    @property
    def is_unfinished(self) -> bool:
        """Whether nothing of it is being answered."""
        return not self.requests and not self.will_close

    @property
    def waiting_bytes(self) -> int:
        """How much of its requests is kept in memory."""
        parts = [*self.requests, self.request] if self.request else self.requests
        return sum(part.header_bytes_received + part.body_bytes_received for part in parts)


def make_room(channels: Collection[KeptConnection]) -> None:
    """Close those that have waited longest while there are too many, or too much is kept."""
    open_now = [channel for channel in channels if not channel.will_close]
    count, size = len(open_now), sum(channel.waiting_bytes for channel in open_now)
    if count <= CONNECTIONS_MOST and size <= WAITING_MOST:
        return
    for channel in sorted(open_now, key=lambda channel: channel.since):
        if count <= CONNECTIONS_MOST and size <= WAITING_MOST:
            break
        if channel.is_unfinished:
            channel.will_close = True
            count, size = count - 1, size - channel.waiting_bytes
