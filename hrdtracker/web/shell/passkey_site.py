"""Where passkeys belong: the address that was configured, or this very machine by its name."""

import ipaddress
from dataclasses import replace
from urllib.parse import urlsplit

from flask import Flask, g, request

from hrdtracker.accounts import proof
from hrdtracker.accounts.passkeys import Site
from hrdtracker.accounts.proof import Ways

THIS_MACHINE = "localhost"


def set_up(app: Flask, address: str) -> None:
    """Bind passkeys to `address`; without one, to this machine alone."""

    @app.before_request
    def know_the_address() -> None:
        g.passkey_address = address


def site() -> Site | None:
    """Return where a passkey that is used now belongs; None where none can be used here."""
    here = urlsplit(f"//{request.host}").hostname or ""
    address = g.passkey_address
    if not address and here == THIS_MACHINE:
        address = f"http://{request.host}"
    is_ours = urlsplit(address).hostname == here and not _is_number(here)
    return Site(here, address) if is_ours else None


def ways_here(user_id: int) -> Ways:
    """Return how a user can show who they are, at the address by which they came."""
    ways = proof.ways(user_id)
    return replace(ways, passkey=ways.passkey and site() is not None)


def _is_number(host: str) -> bool:
    """Tell whether a host is no name but a number, which passkeys are not bound to."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
