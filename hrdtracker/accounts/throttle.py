"""Waiting times after failed attempts: longer each time, never for ever.

Who tries from somewhere waits for what was tried there: on that name from that network, on that
network, and, much later, on that name from everywhere. A browser with which somebody signed in
before counts for itself, so that no stranger keeps its owner out.
"""

import ipaddress
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import Executable, delete, insert, select, update

from hrdtracker.accounts.model import Throttle
from hrdtracker.authorised import after_request_write, side_transaction
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, DomainError, Message
from hrdtracker.core.locks import Queue, queue_for

FREE = MappingProxyType({"pair": 5, "network": 20, "account": 50, "known": 5, "feed": 20})
"""Attempts that cost no waiting time: on a name from a network, from a network, on a name, and by
whoever is known, which is a browser or a session; on addresses of calendars from a network."""
GROUPED = MappingProxyType({4: 24, 6: 64})
"""How many bits of an address say whose network it is, by the version of its protocol."""
LONGEST = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=12)
Keys = Mapping[str, str]


class MustWait(DomainError):
    """Too many failures: the next attempt is heard after `wait`."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        seconds = max(1, round(wait.total_seconds()))
        super().__init__(
            Message(
                N_("Too many attempts. Try again in %(seconds)s seconds."), {"seconds": seconds}
            )
        )


def keys_at_door(name: str, address: str, known: str) -> Keys:
    """Return the keys of who signs in: of a `known` browser, or of a name and a network."""
    if known:
        return keys_of(known=known)
    network = network_of(address)
    return keys_of(pair=f"{name} from {network}", network=network, account=name)


def network_of(address: str) -> str:
    """Return the network of an address: who has one address there has its neighbours as well."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    return str(ipaddress.ip_network((found, GROUPED[found.version]), strict=False))


def keys_of(**values: str) -> Keys:
    """Return the rows' keys of an account, a network: keyed digests, so that they name nobody."""
    vault = session().info["vault"]
    return {
        kind: f"{kind[:1]}{vault.fingerprint(f'throttle/{kind}', value)[:63]}"
        for kind, value in values.items()
    }


def admit(keys: Keys) -> None:
    """Count an attempt before it is made; raises MustWait where it must wait.

    Counted first, so that no more pass than the limit says, however many come at once.
    """
    pauses: list[timedelta] = []
    side_transaction(lambda: pauses.append(_count(keys)))
    if pauses[0]:
        raise MustWait(pauses[0])


def must_wait(keys: Keys) -> bool:
    """Tell whether the next attempt would not be heard; it counts none."""
    query = select(Throttle.key).where(
        Throttle.key.in_(keys.values()), Throttle.wait_until > clock.now()
    )
    return session().scalar(query.limit(1)) is not None


def count(keys: Keys) -> None:
    """Count an attempt that failed, once the request has ended."""
    after_request_write(lambda: _count(keys))


def give_back(keys: Keys) -> None:
    """Take back the count of an attempt that was not heard after all, or did not fail."""
    side_transaction(lambda: _take_back(*keys.values()))


def forgive(keys: Keys) -> None:
    """Forget the failures of who showed the password; their network loses this one alone."""

    def write() -> None:
        for kind, key in keys.items():
            if kind == "network":
                _take_back(key)
            else:
                _run(delete(Throttle).where(Throttle.key == key))

    side_transaction(write)


def _count(keys: Keys) -> timedelta:
    """Count an attempt for each key and return no time, or count nothing and return how long."""
    queue_for(Queue.THROTTLE)
    moment = clock.now()
    _run(delete(Throttle).where(Throttle.last_at < moment - FORGOTTEN))
    query = select(Throttle.key, Throttle.failures, Throttle.wait_until).where(
        Throttle.key.in_(keys.values())
    )
    counts = {key: (failures, until) for key, failures, until in session().execute(query)}
    pause = max((until - moment for _, until in counts.values()), default=timedelta())
    if pause > timedelta():
        return pause
    for kind, key in keys.items():
        failures = counts[key][0] + 1 if key in counts else 1
        _keep(key, failures, moment, _pause(kind, failures), is_new=key not in counts)
    return timedelta()


def _keep(key: str, failures: int, moment: datetime, pause: timedelta, *, is_new: bool) -> None:
    values = {"failures": failures, "last_at": moment, "wait_until": moment + pause}
    if is_new:
        _run(insert(Throttle).values(key=key, **values))
    else:
        _run(update(Throttle).where(Throttle.key == key).values(**values))


def _pause(kind: str, failures: int) -> timedelta:
    """Return how long the next attempt waits: 1 second, then 2, 4, 8 … to 15 minutes."""
    over = failures - FREE[kind]
    return min(timedelta(seconds=2 ** min(over, 10)), LONGEST) if over >= 0 else timedelta()


def _take_back(*keys: str) -> None:
    _run(
        update(Throttle)
        .where(Throttle.key.in_(keys), Throttle.failures > 0)
        .values(failures=Throttle.failures - 1, wait_until=clock.now())
    )


def _run(statement: Executable) -> None:
    session().connection().execute(statement)
