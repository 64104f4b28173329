"""What an instance is told when it starts; every fault is reported at once."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

KNOWN = {
    "INSTANCE",
    "DATABASE_URL",
    "PASSPHRASE_FILE",
    "TLS",
    "TRUSTED_PROXIES",
    "HOST",
    "PORT",
    "URL",
}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


WHERE_IT_IS = (
    "say where browsers find hrdtracker, with --url or HRDTRACKER_URL: "
    "https://daybook.example.org, in small letters and without a path"
)


class SettingsUnusable(Exception):
    """Some settings cannot be used; the text names each of them."""


@dataclass(frozen=True)
class Settings:
    """The settings of one instance. No secret is among them, only the path of a passphrase file."""

    instance: Path
    database_url: str = ""
    passphrase_file: Path | None = None
    tls: bool = False
    trusted_proxies: int = 0
    host: str = "127.0.0.1"
    port: int = 8000
    url: str = ""
    """Where browsers find it, and what its mails name: https://daybook.example.org."""

    @property
    def key_file(self) -> Path:
        """Where the locked root key lies."""
        return self.instance / "root.key"

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
        given = {k[len(prefix) :]: v for k, v in values.items() if k.startswith(prefix)}
        faults = [f"{prefix}{name} is no setting" for name in sorted(given.keys() - KNOWN)]
        numbers = {}
        for name, least, most in (("PORT", 1, 65535), ("TRUSTED_PROXIES", 0, 9)):
            text = given.get(name, "8000" if name == "PORT" else "0")
            if text.isdigit() and least <= int(text) <= most:
                numbers[name] = int(text)
            else:
                faults.append(f"{prefix}{name} must be a number from {least} to {most}")
        if given.get("TLS", "no") not in {"yes", "no"}:
            faults.append(f"{prefix}TLS must be yes or no")
        url = given.get("DATABASE_URL", "")
        if url and not url.startswith("postgresql+psycopg://"):
            faults.append(f"{prefix}DATABASE_URL must begin with postgresql+psycopg://")
        if faults:
            raise SettingsUnusable("; ".join(faults))
        secret = given.get("PASSPHRASE_FILE")
        return cls(
            instance=Path(given.get("INSTANCE", "instance")),
            database_url=url,
            passphrase_file=Path(secret) if secret else None,
            tls=given.get("TLS") == "yes",
            trusted_proxies=numbers["TRUSTED_PROXIES"],
            host=given.get("HOST", "127.0.0.1"),
            port=numbers["PORT"],
            url=given.get("URL", "").rstrip("/"),
        )


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
