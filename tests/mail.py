"""A real server for mail on this machine, and a worker that hands mail over to it."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from flask import Flask

from config import MailSettings, Settings
from hrdtracker.accounts.service import set_mail_address
from hrdtracker.core import clock
from hrdtracker.jobs.thread import worker_of
from tests import make
from tests.spec.cli_runs import free_port
from tests.web.somebody import in_unit

NOW = (clock.now() + timedelta(days=1)).replace(hour=21, minute=0, second=0, microsecond=0)
HOUR = timedelta(hours=1)
SENDER, READER = "daybook@example.org", "m@example.net"
URL = "https://daybook.example.org"
LOCAL = "127.0.0.1"


@dataclass
class Receiver:
    """A real server for mail, on this machine: what it was given, and by whom."""

    port: int
    mails: list[Envelope] = field(default_factory=list)
    users: list[bytes] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    answer: str = "250 OK"
    kills: int | None = None
    """The process of a worker that dies at this mail, before or after it was taken."""
    when: str = "after"

    async def handle_MAIL(  # noqa: N802 - aiosmtpd’s
        self, _server: SMTP, _met: Session, mail: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.kills and self.when == "before":
            os.kill(self.kills, signal.SIGKILL)
        mail.mail_from = address
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, met: Session, mail: Envelope) -> str:  # noqa: N802 - aiosmtpd’s name
        self.mails.append(mail)
        self.names.append(met.host_name or "")
        if self.kills:
            os.kill(self.kills, signal.SIGKILL)
        return self.answer

    def authenticate(
        self, _server: SMTP, _met: Session, _envelope: Envelope, _how: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.users += [given.login, given.password]
        return AuthResult(success=True)

    @property
    def messages(self) -> list[EmailMessage]:
        """What came, as whoever reads mail sees it."""
        bodies = [mail.content for mail in self.mails if isinstance(mail.content, bytes)]
        return [message_from_bytes(body, policy=default) for body in bodies]


@contextmanager
def receiving(**options: Any) -> Iterator[Receiver]:
    receiver = Receiver(free_port())
    server = Controller(
        receiver,
        LOCAL,
        receiver.port,
        authenticator=receiver.authenticate,
        auth_require_tls=False,
        **options,
    )
    server.start()
    try:
        yield receiver
    finally:
        server.stop()


def settings(port: int, encryption: str = "none", **changes: Any) -> Settings:
    mail = MailSettings(LOCAL, port, encryption, SENDER, **changes)
    return Settings(Path("nowhere"), url=URL, mail=mail)


def give_address(app: Flask, login: str = "monitor", address: str = READER) -> None:
    def give() -> None:
        make.load_keys()
        set_mail_address(make.actor(login), address)

    in_unit(app, give)


def work(app: Flask, given: Settings, at: datetime = NOW) -> bool:
    with time_machine.travel(at, tick=False):
        return worker_of(app, given).work_once()
