"""Mail through the organisation’s own server: encrypted and checked, or not at all."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from enum import StrEnum
from pathlib import Path

from hrdtracker.core import clock

PATIENCE_S = 30
"""How long one answer of the server may take."""


class Encryption(StrEnum):
    """How the way to the server is locked; `none` is for a server on this very machine."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over. The password stays in its file until it is needed."""

    host: str
    port: int
    encryption: Encryption
    sender: str
    user: str = ""
    password_file: Path | None = None

    @property
    def domain(self) -> str:
        """The part of the sender’s address after the @: the only name that we give ourselves."""
        return self.sender.rpartition("@")[2]

    def send(self, to: str, subject: str, text: str, *, name: str = "") -> None:
        """Hand over one mail to one person; raises OSError, also where the way is not safe.

        Nothing of this machine stands in it: neither its name nor its clock’s zone. A mail with a
        `name` has it as its Message-ID: handed over once more, it is known for the same.
        """
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, to, subject
        mail["Date"] = format_datetime(clock.now())
        own = f"<{name}@{self.domain}>" if name else make_msgid(domain=self.domain)
        mail["Message-ID"] = own
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text)
        with self._connection() as server:
            if self.user:
                server.login(self.user, self._password())
            server.send_message(mail)

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        """Open the way to the server; as its own name it hears the domain of the sender."""
        trusted, name = ssl.create_default_context(), self.domain
        if self.encryption == Encryption.TLS:
            with smtplib.SMTP_SSL(
                self.host, self.port, name, timeout=PATIENCE_S, context=trusted
            ) as server:
                yield server
            return
        with smtplib.SMTP(self.host, self.port, name, PATIENCE_S) as server:
            if self.encryption == Encryption.STARTTLS:
                server.starttls(context=trusted)
            yield server

    def _password(self) -> str:
        if self.password_file is None:
            return ""
        return next(iter(self.password_file.read_text("utf-8").splitlines()), "")
