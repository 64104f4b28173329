"""What is counted of failed attempts, what is taken back, and what is forgotten."""

import pytest
from sqlalchemy import select

from hrdtracker.accounts import throttle
from hrdtracker.accounts.model import Throttle
from hrdtracker.accounts.throttle import Keys
from hrdtracker.core.db import session

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]


def _keys(name: str = "monitor", address: str = "10.0.0.1") -> Keys:
    return throttle.keys_at_door(name, address, "")


def _counts(keys: Keys) -> dict[str, int]:
    """Return how many failures are kept of each kind."""
    session().rollback()
    rows = session().execute(select(Throttle.key, Throttle.failures))
    kept = {row.key: row.failures for row in rows}
    return {kind: kept[key] for kind, key in keys.items() if key in kept}


def test_an_attempt_that_was_none_is_taken_back_from_whom_it_was_counted_for() -> None:
    others = _keys("colleague", "10.9.9.9")
    for keys in (_keys(), _keys(), others):
        throttle.admit(keys)
    throttle.give_back(_keys())
    assert _counts(_keys()) == {"pair": 1, "network": 1, "account": 1}
    assert _counts(others) == {"pair": 1, "network": 1, "account": 1}
    for _ in range(3):
        throttle.give_back(_keys())
    assert _counts(_keys()) == {"pair": 0, "network": 0, "account": 0}


def test_who_showed_the_password_is_forgiven_and_their_network_loses_one_failure() -> None:
    neighbour, others = _keys("colleague"), _keys("colleague", "10.9.9.9")
    for keys in (_keys(), _keys(), neighbour, others):
        throttle.admit(keys)
    throttle.forgive(_keys())
    assert _counts(_keys()) == {"network": 2}
    assert _counts(neighbour) == {"pair": 1, "network": 2, "account": 2}
    assert _counts(others) == {"pair": 1, "network": 1, "account": 2}


def test_whoever_waits_counts_for_nothing_meanwhile() -> None:
    for _ in range(throttle.FREE["pair"]):
        throttle.admit(_keys())
    with pytest.raises(throttle.MustWait):
        throttle.admit(_keys())
    assert _counts(_keys())["pair"] == throttle.FREE["pair"]
