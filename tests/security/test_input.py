"""Whatever is sent: never a fault of ours, and nothing is taken that the form does not offer."""

import inspect
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import structlog
import time_machine
from flask import Flask
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse
from wtforms.fields.core import UnboundField

from hrdtracker.accounts import passwords
from hrdtracker.core import clock
from hrdtracker.forms.base import Form
from hrdtracker.tables import MODELS
from hrdtracker.web.blueprints import BLUEPRINTS
from tests.deep import usual_or_deep
from tests.security.dump import Tables, rows_of
from tests.security.visits import Line, Visits, matrix
from tests.security.world import ROLES, World

assert len(BLUEPRINTS) > 5  # importing the pages is what imports every form
LINES = matrix()
INPUTS = usual_or_deep(300, 10_000)
DRAWN = {"support_request": {"version"}, "submission": {"made_version"}}
"""What is drawn by chance at each change."""
ENDS_SESSIONS = {
    "accounts.logout",
    "accounts.end_others",
    "accounts.end_session",
    "shell.leave",
    "setup.welcome",
}
ODD = (
    "", " ", "0", "1", "-1", "00", "9" * 30, "1e9", "NaN", "0x10", "១២", "٣", "½", "²", "true",
    "on", "null", "None", "[]", "{}", "\0", "a\0b", "\ud800", "\udfff\ud800", "\ufeff",
    "\u202e", "\u200b" * 40, "%", "_", "%s%n", "%(name)s", "{0}", "{{7*7}}", "' OR 1=1 --",
    '"', "\\", "\r\nSet-Cookie: a=b", "../../etc/passwd", "//elsewhere.example", "=1+1",
    "<script>alert(1)</script>", "arrest", "urgent", "yesterday", "31/02/2026", "01/01/0001",
    "9999-12-31", "31 December 9999", "last 5000 weeks", "99999999 days ago", "tomorrow 25:61",
    "12/13/14", "២៩ កុម្ភៈ ២៥៧០", "Sok Dara, F, 30", "A, B, C, D", "3 women", "x" * 301,
    "ក" * 21_000, "a\n" * 600, ",\n;\t" * 99, "00000000-0000-0000-0000-000000000000",
    "not-a-uid", "AAAA", "eyJ", "Asia/Nowhere", "../Asia/Phnom_Penh", "PNH", "reviewed",
    "administrator",
)  # fmt: skip
"""What people, scripts and broken programs type."""
NAME = re.compile(r'name="([^"]+)"')


def _form_fields() -> list[str]:
    """Return the name of every field of every form, and some with numbers behind."""
    kinds, found = [Form], set()
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        members = inspect.getmembers(kind, lambda value: isinstance(value, UnboundField))
        found |= {name for name, _ in members}
    numbered = {
        "established-0",
        "finding-0",
        "right-0",
        "sources-0",
        "names-0-name",
        "names-7-kind",
    }
    return sorted(
        found | numbered | {"keep", "return", "each", "same_as", "_login", "_resume", "_as", "look"}
    )


FIELDS = _form_fields()
QUERY = [
    "page", "older", "newer", "type", "status", "from", "to", "who", "case", "parent", "skip",
    "view", "day", "office", "court", "monitor", "row", "incident", "people", "checked",
]  # fmt: skip
values = st.one_of(
    st.sampled_from(ODD), st.text(max_size=40), st.text("0123456789/:-. ", max_size=12)
)


@pytest.fixture(scope="module")
def visits(world_app: Flask, world_template: Any) -> Visits:
    world_app.config["PROPAGATE_EXCEPTIONS"] = False
    return Visits(world_app, world_template.world)


@pytest.fixture(autouse=True)
def _hash_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "matches", lambda _held, _given: False)
    monkeypatch.setattr(passwords, "hash_password", lambda _password: "no hash")


def test_the_forms_are_found() -> None:
    assert len(FIELDS) > 40
    assert {"narrative", "password", "role", "outcome"} <= set(FIELDS)


@settings(
    max_examples=INPUTS,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
@given(data=st.data())
def test_no_input_makes_us_fail(data: st.DataObject, visits: Visits) -> None:
    line = data.draw(st.sampled_from(LINES), "page")
    letter = data.draw(st.sampled_from("mdnfaAl"), "role")
    place = data.draw(st.sampled_from([name for name, _ in line.cells]), "relation")
    login = World.who(letter, place)
    values_ = line.values(visits.world, letter, place, login)
    if values_ is None:
        return
    sent = dict(line.data(visits.world, letter, place))
    sent |= data.draw(st.dictionaries(st.sampled_from(FIELDS), values, max_size=6), "fields")
    asked = data.draw(st.dictionaries(st.sampled_from(QUERY), values, max_size=2), "query")
    path = f"{visits.address(line, values_)}?{_encoded(asked)}"
    with structlog.testing.capture_logs() as logged:
        answer = _send(data, visits, line, login, path, sent)
    event(f"{line.method} {answer.status_code}")
    assert answer.status_code < 500, (line, letter, logged)
    assert b"Traceback" not in answer.get_data()
    answer.request.environ["wsgi.input"].close()  # what is long lies in a file, which stays open
    if line.endpoint in ENDS_SESSIONS:
        visits.forget(login)


def _encoded(fields: dict[str, str]) -> str:
    return urlencode(fields, errors="surrogatepass")


KINDS = ("form", "form", "form", "multipart", "json", "nothing", "broken")


def _send(
    data: st.DataObject, visits: Visits, line: Line, login: str, path: str, sent: dict[str, str]
) -> TestResponse:
    who = visits.browser(login)
    if line.method == "GET":
        return who.client.get(path)
    sent = {"csrf_token": visits.tokens[who], **sent}
    kind = data.draw(st.sampled_from(KINDS), "kind")
    if kind == "multipart":
        whole = {name: text.encode("utf-8", "surrogatepass") for name, text in sent.items()}
        return who.client.post(path, data=whole, content_type="multipart/form-data")
    if kind == "json":
        head = {"X-CSRFToken": visits.tokens[who]}
        return who.client.post(path, json={"login": 5, "type": [1], "who": {}}, headers=head)
    if kind == "broken":
        body = data.draw(st.binary(max_size=60), "body")
        return who.client.post(path, data=body, content_type="application/x-www-form-urlencoded")
    content = _encoded(sent) if kind == "form" else _encoded({"csrf_token": sent["csrf_token"]})
    return who.client.post(path, data=content, content_type="application/x-www-form-urlencoded")


# What the form does not offer --------------------------------------------------------------------

OWN_WORDS = {
    "csrf_token",
    "_as",
    "_login",
    "_resume",
    "version",
    "submission_id",
    "keep",
    "return",
    "look",
    "parent",
}
MADE_ANEW = {"uid", "code", "mac", "payload", "wrapped", "token_digest", "code_digest", "made_uid"}
MADE_ANEW |= {
    "data_key_id",
    "subject_uid",
    "submission_id",
    "fingerprint",
    "challenge",
    "about_uid",
    "address_digest",
}
PRIVILEGED = sorted(
    {column.key.removesuffix("_sealed") for model in MODELS for column in model.__table__.columns}
    | {"office", "owner", "role", "roles", "seats", "is_admin", "organisation", "sensitivity"}
)
CHANGES = [
    line for line in LINES if line.method == "POST" and any(roles for _, roles in line.cells)
]


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("line", CHANGES, ids=str)
def test_a_field_that_the_form_does_not_offer_changes_nothing(line: Line, visits: Visits) -> None:
    place, roles = next((place, roles) for place, roles in line.cells if roles)
    letter = roles[0]
    login = World.who(letter, place)
    values_ = line.values(visits.world, letter, place, login)
    assert values_ is not None
    path, sent = visits.address(line, values_), line.data(visits.world, letter, place)
    offered = _offered(visits, line, login, path) | sent.keys() | OWN_WORDS
    more = {name: _tempting(name, visits) for name in PRIVILEGED if name not in offered}
    assert len(more) > 50
    with time_machine.travel(clock.now(), tick=False):
        plain = _after(visits, line, login, path, sent)
        crowded = _after(visits, line, login, path, {**more, **sent})
    assert crowded == plain


def _offered(visits: Visits, line: Line, login: str, path: str) -> set[str]:
    """Return the names of the fields of the page on which the form stands, where there is one."""
    fetched = any(each.endpoint == line.endpoint and each.method == "GET" for each in LINES)
    page = visits.browser(login).get(path).get_data(as_text=True) if fetched else ""
    visits.put_back()
    return set(NAME.findall(page))


def _tempting(name: str, visits: Visits) -> str:
    """Return a value that would do harm if it were taken."""
    harmful = {
        "status": "reviewed",
        "state": "left",
        "role": "administrator",
        "sensitivity": "secret",
        "uid": visits.world.others["user:admin"].hex,
    }
    return harmful.get(name, "2026-01-01" if name.endswith(("_at", "_on")) else "2")


def _after(
    visits: Visits, line: Line, login: str, path: str, sent: dict[str, str]
) -> dict[str, Any]:
    """Return the answer, and what then stands in the database but what is made anew each time."""
    answer = visits.call(visits.browser(login), line, path, sent)
    with visits.app.app_context():
        engine = visits.app.extensions["sqlalchemy"].engine
        with engine.connect() as connection:
            found = dict(_plain_rows(connection, visits.tables))
    visits.put_back()
    return {"status": answer.status_code, **found}


def _plain_rows(connection: Any, tables: Tables) -> Iterator[tuple[str, Any]]:
    for name, table in tables.items():
        names = {column.name for column in table.columns} - MADE_ANEW - DRAWN.get(name, set())
        kept = {each for each in names if not each.endswith(("_sealed", "_closed"))}
        if not name.startswith(("data_key", "access_batch")):
            yield name, rows_of(connection, table, kept)


def test_the_tempting_fields_are_those_of_the_tables() -> None:
    assert {"owner_id", "recorded_by_id", "reviewed_by_id", "role", "office"} <= set(PRIVILEGED)
    assert len(ROLES) == 8
