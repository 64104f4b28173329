"""The client: a new connection for each request, one after another or eight at once."""

import socket
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Protocol
from urllib.parse import urlencode

from bench.server import HEADER, HOST

WARM_UPS, REQUESTS, SECONDS = 3, 40, 5.0
AT_ONCE, AT_ONCE_SECONDS = 8, 8.0
TIMEOUT = 60
LARGEST_READ = 1 << 16


@dataclass(frozen=True)
class Answer:
    """What came back, and after how long."""

    status: int
    headers: dict[str, str]
    body: bytes
    took_ms: float
    statements: int = 0
    """How many statements it cost."""

    @property
    def text(self) -> str:
        """The page."""
        return self.body.decode()


class Work(Protocol):
    """Something to be measured: one request, or several that belong together."""

    def done_by(self, browser: "Browser") -> Answer:
        """Do it, and return what came back."""
        ...


@dataclass(frozen=True)
class Ask:
    """One request."""

    path: str
    form: Mapping[str, str | Sequence[str]] | None = None
    expects: int = 200

    def done_by(self, browser: "Browser") -> Answer:
        """Send it."""
        return browser.ask(self)


@dataclass
class Browser:
    """Somebody who is signed in, on one server."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, ask: Ask) -> Answer:
        """Send a request over a new connection; raises AssertionError for another answer."""
        sent = self._bytes(ask)
        began = time.perf_counter()
        with socket.create_connection((HOST, self.port), TIMEOUT) as connection:
            connection.sendall(sent)
            parts = []
            while part := connection.recv(LARGEST_READ):
                parts.append(part)
        took = (time.perf_counter() - began) * 1000
        answer = _read(b"".join(parts), took)
        assert answer.status == ask.expects, f"{ask.path}: {answer.status}"
        return answer

    def keep_cookies(self, answer: Answer) -> None:
        """Hold on to the cookie that an answer brought."""
        name, _, rest = answer.headers.get("set-cookie", "").partition("=")
        if name:
            self.cookies[name] = rest.split(";")[0]

    def _bytes(self, ask: Ask) -> bytes:
        body = urlencode(ask.form, doseq=True).encode() if ask.form is not None else b""
        lines = [
            f"{'GET' if ask.form is None else 'POST'} {ask.path} HTTP/1.0",
            f"Host: {HOST}:{self.port}",
            "Accept-Language: en",
            "Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        ]
        if ask.form is not None:
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True)
class Timed:
    """What a series of requests took."""

    times_ms: list[float]
    statements: list[int]
    size: int
    seconds: float


def one_after_another(browser: Browser, asks: Callable[[], Work]) -> Timed:
    """Send 3 requests to warm up, then 40 or as many as 5 seconds allow."""
    for _ in range(WARM_UPS):
        asks().done_by(browser)
    began = time.monotonic()
    answers: list[Answer] = []
    while len(answers) < REQUESTS and time.monotonic() - began < SECONDS:
        answers.append(asks().done_by(browser))
    return _timed(answers, time.monotonic() - began)


def eight_at_once(browser: Browser, asks: Callable[[], Work], seconds: float) -> Timed:
    """Let eight people send requests, each the next one as soon as the last is answered."""
    began = time.monotonic()

    def keep_asking(_: int) -> list[Answer]:
        answers = []
        while time.monotonic() - began < seconds:
            answers.append(asks().done_by(browser))
        return answers

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = [answer for each in pool.map(keep_asking, range(AT_ONCE)) for answer in each]
    return _timed(answers, time.monotonic() - began)


def p95(times: Sequence[float]) -> float:
    """Return the time that 95 of 100 requests stayed below."""
    return quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def _timed(answers: Iterable[Answer], seconds: float) -> Timed:
    found = list(answers)
    return Timed(
        times_ms=[each.took_ms for each in found],
        statements=[each.statements for each in found],
        size=max((len(each.body) for each in found), default=0),
        seconds=seconds,
    )


def _read(raw: bytes, took_ms: float) -> Answer:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(": ")
        headers[name.lower()] = value
    statements = int(headers.get(HEADER.lower(), 0))
    return Answer(int(first.split()[1]), headers, body, took_ms, statements)
