"""What an instance is told when it starts; every fault is reported at once."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

KNOWN = {
    "INSTANCE", "DATABASE_URL", "PASSPHRASE_FILE", "TLS", "TRUSTED_PROXIES", "HOST", "PORT",
    "URL", "WORKER", "SMTP_HOST", "SMTP_PORT", "SMTP_ENCRYPTION", "SMTP_USER", "SMTP_PASSWORD_FILE",
    "SMTP_FROM", "HEADS_FOLDER", "HEADS_MAIL",
}  # fmt: skip
SMTP_PORTS = {"starttls": "587", "tls": "465", "none": "25"}
"""How the way to a mail server may be locked, and where it listens then."""
ADDRESS = re.compile(r"[!-?A-~]+@[!-?A-~]+")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


WHERE_IT_IS = (
    "say where browsers find hrdtracker, with --url or HRDTRACKER_URL: "
    "https://daybook.example.org, in small letters and without a path"
)


class SettingsUnusable(Exception):
    """Some settings cannot be used; the text names each of them."""


@dataclass(frozen=True)
class MailSettings:
    """The organisation’s own mail server; the password is in a file."""

    host: str
    port: int
    encryption: str
    sender: str
    user: str = ""
    password_file: Path | None = None


@dataclass(frozen=True)
class Settings:
    """The settings of one instance. No secret is among them, only the paths of files with one.

    `url` is where people open it, for what we send them; `worker` is whether the jobs are done
    beside the pages, in the same process.
    """

    instance: Path
    database_url: str = ""
    passphrase_file: Path | None = None
    tls: bool = False
    trusted_proxies: int = 0
    host: str = "127.0.0.1"
    port: int = 8000
    url: str = ""
    """Where browsers find it, and what its mails name: https://daybook.example.org."""
    worker: bool = True
    mail: MailSettings | None = None
    heads_folder: Path | None = None
    heads_mail: str = ""
    """Where the heads of the trail are kept beside the instance: on another disk, in a mailbox."""

    @property
    def key_file(self) -> Path:
        """Where the locked root key lies."""
        return self.instance / "root.key"

    @property
    def lock_file(self) -> Path:
        """What lies there while everything is locked."""
        return self.instance / "locked"

    @property
    def database(self) -> str:
        """The SQLAlchemy URL; SQLite in the instance folder unless PostgreSQL is named."""
        return self.database_url or f"sqlite:///{(self.instance / 'hrdtracker.db').resolve()}"

    @property
    def names(self) -> frozenset[str]:
        """The names under which it answers: that of its address, and of this machine itself."""
        named = frozenset({urlsplit(self.url).hostname or self.host})
        return named | LOOPBACK if is_loopback(self.host) else named

    def check_url(self) -> None:
        """Raise `SettingsUnusable` where browsers could not reach it under the address given."""
        if not self.url:
            if self.tls:
                raise SettingsUnusable(f"Behind TLS, {WHERE_IT_IS}")
        elif not is_address(self.url) or (self.tls and not self.url.startswith("https:")):
            raise SettingsUnusable(f"“{self.url}” cannot be used: {WHERE_IT_IS}")

    @classmethod
    def read(cls, values: Mapping[str, str], prefix: str = "HRDTRACKER_") -> "Settings":
        """Read settings from a mapping such as the environment; raises `SettingsUnusable`."""
        given = _Given(values, prefix)
        settings = cls(
            instance=Path(given.text("INSTANCE", "instance")),
            database_url=given.database_url(),
            passphrase_file=given.file("PASSPHRASE_FILE"),
            tls=given.answer("TLS", "no"),
            trusted_proxies=given.number("TRUSTED_PROXIES", "0", range(10)),
            host=given.text("HOST", "127.0.0.1"),
            port=given.number("PORT", "8000", range(1, 65536)),
            url=given.url(),
            worker=given.answer("WORKER", "yes"),
            mail=given.mail(),
            heads_folder=given.file("HEADS_FOLDER"),
            heads_mail=given.heads_mail(),
        )
        if given.faults:
            raise SettingsUnusable("; ".join(given.faults))
        return settings


class _Given:
    """What was given, and what is wrong with it."""

    def __init__(self, values: Mapping[str, str], prefix: str) -> None:
        self._prefix = prefix
        self._values = {k[len(prefix) :]: v for k, v in values.items() if k.startswith(prefix)}
        unknown = sorted(self._values.keys() - KNOWN)
        self.faults = [f"{prefix}{name} is no setting" for name in unknown]

    def text(self, name: str, otherwise: str = "") -> str:
        return self._values.get(name, otherwise)

    def file(self, name: str) -> Path | None:
        return Path(self._values[name]) if self._values.get(name) else None

    def answer(self, name: str, otherwise: str) -> bool:
        text = self.text(name, otherwise)
        self._require(name, "must be yes or no", text in {"yes", "no"})
        return text == "yes"

    def number(self, name: str, otherwise: str, allowed: range) -> int:
        text = self.text(name, otherwise)
        if text.isascii() and text.isdigit() and int(text) in allowed:
            return int(text)
        self._require(name, f"must be a number from {allowed[0]} to {allowed[-1]}", holds=False)
        return 0

    def database_url(self) -> str:
        url, begin = self.text("DATABASE_URL"), "postgresql+psycopg://"
        self._require("DATABASE_URL", f"must begin with {begin}", not url or url.startswith(begin))
        return url

    def url(self) -> str:
        """Return the address at which people open the instance, as it may stand in a mail."""
        return self.text("URL").rstrip("/")

    def mail(self) -> MailSettings | None:
        """Return the mail server, where one is named."""
        host, encryption = self.text("SMTP_HOST"), self.text("SMTP_ENCRYPTION", "starttls")
        others = sorted(name for name in self._values if name.startswith("SMTP_"))
        if not host:
            for name in others:
                self._require(name, f"needs {self._prefix}SMTP_HOST", holds=False)
            return None
        sender, user = self.text("SMTP_FROM"), self.text("SMTP_USER")
        password = self.file("SMTP_PASSWORD_FILE")
        is_safe = encryption != "none" or is_loopback(host)
        self._require("SMTP_FROM", "must be an address for mail", bool(ADDRESS.fullmatch(sender)))
        self._require("SMTP_ENCRYPTION", "must be starttls or tls", encryption in SMTP_PORTS)
        self._require("SMTP_ENCRYPTION", "may be none only for this very machine", is_safe)
        self._require(
            "SMTP_USER", "and SMTP_PASSWORD_FILE belong together", bool(user) == bool(password)
        )
        port = self.number("SMTP_PORT", SMTP_PORTS.get(encryption, "587"), range(1, 65536))
        return MailSettings(host, port, encryption, sender, user, password)

    def heads_mail(self) -> str:
        """Return whom the heads of the trail are mailed to; that needs a mail server."""
        address = self.text("HEADS_MAIL")
        is_one = not address or bool(ADDRESS.fullmatch(address))
        self._require("HEADS_MAIL", "must be an address for mail", is_one)
        has_server = not address or bool(self.text("SMTP_HOST"))
        self._require("HEADS_MAIL", f"needs {self._prefix}SMTP_HOST", has_server)
        return address

    def _require(self, name: str, reason: str, holds: bool) -> None:  # noqa: FBT001 - a condition
        if not holds:
            self.faults.append(f"{self._prefix}{name} {reason}")


def is_loopback(host: str) -> bool:
    """Tell whether only this machine itself can reach `host`."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_address(url: str) -> bool:
    """Tell whether this is all that a browser needs: https, a name, a port at most.

    Without TLS it can only be this very machine.
    """
    try:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        is_whole = bool(parts.hostname) and "@" not in origin and parts.port != 0
    except ValueError:
        return False
    is_secret = parts.scheme == "https" or (
        parts.scheme == "http" and is_loopback(parts.hostname or "")
    )
    return is_whole and is_secret and url == origin.lower()
