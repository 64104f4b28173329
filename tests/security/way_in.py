"""The guards of the way in: by which name, from where, and how often somebody may try."""

import pytest
import time_machine
from sqlalchemy import delete

from hrdtracker import authorised
from hrdtracker.accounts import devices, passwords, sessions, throttle
from hrdtracker.accounts.model import Throttle
from hrdtracker.core import clock
from hrdtracker.web.shell import hosts, request_guard, views
from tests.security.guarding import Guard, Here, put, refuses, unit


def _a_request_to_another_name_is_refused(here: Here) -> None:
    answer = here.visits.browser(None).get("/login", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400


def _a_form_from_another_site_is_refused(here: Here) -> None:
    who = here.visits.browser("monitor")
    origins = ({"Origin": "https://elsewhere.example"}, {"Origin": "null"})
    for headers in ({"Sec-Fetch-Site": "cross-site"}, *origins):
        assert who.post("/language", {"language": "en"}, headers=headers).status_code == 403


def _guessing_must_wait(here: Here) -> None:
    with unit(here), pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "matches", lambda _hash, _password: False)
        refused = []
        for _ in range(8):
            try:
                sessions.sign_in("monitor", "not the password", "10.0.0.1", "Test")
            except (sessions.SignInRefused, throttle.MustWait) as answer:
                refused.append(type(answer))
        authorised.side_transaction(lambda: throttle._run(delete(Throttle)))
    assert throttle.MustWait in refused


def _no_stranger_keeps_out_who_is_known(here: Here) -> None:
    with unit(here), pytest.MonkeyPatch.context() as patch, time_machine.travel(clock.now()):
        patch.setattr(passwords, "matches", lambda _hash, password: password == "right")
        marks = devices.remember("", "monitor")
        try:
            for _ in range(throttle.FREE["pair"]):
                throttle.admit(throttle.keys_at_door("monitor", "10.0.0.1", ""))
            assert sessions.sign_in("monitor", "right", "10.0.0.1", "Test", marks)
        except throttle.MustWait as waits:
            raise AssertionError("waits for a stranger") from waits
        finally:
            authorised.side_transaction(lambda: throttle._run(delete(Throttle)))


def _neighbours_count_as_one(here: Here) -> None:
    with unit(here), time_machine.travel(clock.now()):
        try:
            refuses(throttle.MustWait, _try_from_many_addresses)
        finally:
            authorised.side_transaction(lambda: throttle._run(delete(Throttle)))


def _try_from_many_addresses() -> None:
    for number in range(throttle.FREE["network"] + 1):
        throttle.admit(throttle.keys_at_door(f"name{number}", f"10.0.0.{number}", ""))


def _a_page_never_leads_to_another_site(here: Here) -> None:
    who = here.visits.browser("monitor")
    for path in ("//elsewhere.example", "/\t/elsewhere.example", "/\\elsewhere.example"):
        assert who.post("/language", {"language": "en", "back": path}).location == "/"


WAY_IN = [
    Guard(
        "origin of a form",
        put(request_guard, "_check_origin", lambda _address: None),
        _a_form_from_another_site_is_refused,
    ),
    Guard(
        "name of a host",
        put(hosts, "is_among", lambda _host, _names: True),
        _a_request_to_another_name_is_refused,
    ),
    Guard("throttle", put(throttle, "admit", lambda _keys: None), _guessing_must_wait),
    Guard(
        "count of a known browser",
        put(devices, "number_of", lambda _login, _cookie: ""),
        _no_stranger_keeps_out_who_is_known,
    ),
    Guard(
        "networks as one",
        put(throttle, "network_of", lambda address: address),
        _neighbours_count_as_one,
    ),
    Guard(
        "way back", put(views, "own_path", lambda path: path), _a_page_never_leads_to_another_site
    ),
]
