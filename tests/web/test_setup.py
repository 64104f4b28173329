"""Beginning: an instance is set up once, on its own machine; an invited user begins with a code."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from config import Settings
from hrdtracker.access.model import Membership, Organisation, Role, User, UserState
from hrdtracker.accounts import queries, staff
from hrdtracker.accounts.drafts import UserDraft
from hrdtracker.app import create_app
from hrdtracker.audit import queries as trail
from hrdtracker.codelists.model import Term
from hrdtracker.core import clock, keyfile
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.jobs.thread import worker_of
from hrdtracker.web import setup
from tests import make
from tests.conftest import close
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")
GOOD = "cloud ladder teapot violin"
DATABASE = "hrdtracker.db"
ELSEWHERE = {"REMOTE_ADDR": "192.168.1.20"}


@contextmanager
def _inside(app: Flask) -> Iterator[None]:
    with app.app_context(), unit_of_work(make.open_session(app)):
        yield


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory, root: keyfile.RootKey) -> tuple[Flask, Path]:
    """Return an application and its database, in which there is nobody yet, and a copy of that."""
    folder = tmp_path_factory.mktemp("nobody")
    app = create_app(Settings(instance=folder), root)
    with app.app_context():
        flask_migrate.upgrade()
        close(app)
    return app, Path(shutil.copy(folder / DATABASE, folder / "kept.db"))


@pytest.fixture
def fresh(empty: tuple[Flask, Path]) -> Iterator[Flask]:
    """Return the application on a database in which there is nobody yet; it offers nothing yet."""
    app, kept = empty
    shutil.copy(kept, kept.with_name(DATABASE))
    steps = app.before_request_funcs.setdefault(None, [])
    before = [*steps]
    yield app
    steps[:] = before
    with app.app_context():
        close(app)


@pytest.fixture
def code(fresh: Flask) -> str:
    """Return the code with which the instance can be set up."""
    return setup.offer(fresh)


def _sent(code: str, **changes: str) -> dict[str, str]:
    return {
        "code": code, "name": "Organisation", "language": "km", "office_code": "pnh",
        "name_en": "Phnom Penh", "name_km": "ភ្នំពេញ", "login": "First", "label": "First",
        "password": GOOD,
        "second_role": "second", "second_login": "board1", "second_label": "Board 1", **changes,
    }  # fmt: skip


def _set_up(app: Flask, code: str, **options: Any) -> tuple[Browser, int]:
    browser = Browser(app)
    browser.get("/setup", **options)
    return browser, browser.post("/setup", _sent(code), **options).status_code


def _organisations(app: Flask) -> int:
    with _inside(app):
        return session().scalar(select(func.count()).select_from(Organisation)) or 0


# Setting up --------------------------------------------------------------------------------------


def test_the_code_makes_the_organisation_and_signs_its_first_administrator_in(
    fresh: Flask, code: str
) -> None:
    browser, status = _set_up(fresh, code)
    assert status == 200
    assert "A code for Board 1" in browser.text
    assert browser.get("/admin/users").status_code == 200
    assert "First" in browser.text
    with _inside(fresh):
        first = make.actor("first")
        assert first.holds(Role.ADMINISTRATOR)
        assert make.organisation().language == "km"
        assert make.office("PNH").name_km == "ភ្នំពេញ"
        assert set(session().scalars(select(Membership.role))) == {Role.ADMINISTRATOR, Role.SECOND}
        assert session().scalar(select(func.count(Term.id)))
        assert trail.verify().holds


def test_the_first_administrator_is_marked_as_confirmed_by_nobody(fresh: Flask, code: str) -> None:
    _set_up(fresh, code)
    with _inside(fresh):
        user_id = make.user("first").id
        assert [held.alone for held in queries.roles_of([user_id])[user_id]] == [True]


def test_the_first_page_of_an_empty_instance_leads_to_where_it_is_set_up(
    fresh: Flask, code: str
) -> None:
    assert Browser(fresh).get("/").location == "/setup"
    assert Browser(fresh).get("/", environ_base=ELSEWHERE).location == "/login"
    _set_up(fresh, code)
    assert Browser(fresh).get("/").location == "/login"


def test_until_it_is_set_up_there_is_no_work_in_the_background(
    fresh: Flask, tmp_path: Path
) -> None:
    assert not worker_of(fresh, Settings(tmp_path)).work_once()


def test_a_refused_set_up_says_that_the_password_is_not_kept(fresh: Flask, code: str) -> None:
    browser = Browser(fresh)
    browser.get("/setup")
    assert browser.post("/setup", _sent(code, office_code="")).status_code == 422
    assert "All you typed is still here, but no password." in browser.text
    assert "Not kept: type it again." in browser.text
    assert GOOD not in browser.page


def test_once_it_is_set_up_the_page_is_gone(fresh: Flask, code: str) -> None:
    _set_up(fresh, code)
    browser = Browser(fresh)
    assert browser.get("/setup").status_code == 404
    assert browser.post("/setup", _sent(code, login="another")).status_code == 404
    assert _organisations(fresh) == 1


def test_without_an_offer_there_is_no_such_page(fresh: Flask, app: Flask) -> None:
    assert Browser(fresh).get("/setup").status_code == 404
    assert Browser(app).get("/setup").status_code == 404


@pytest.mark.parametrize(
    "options",
    [
        {"environ_base": ELSEWHERE},
        {"environ_base": {"REMOTE_ADDR": "::ffff:192.168.1.20"}},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"headers": {"Forwarded": "for=127.0.0.1"}},
        {"headers": {"Via": "1.1 proxy"}},
    ],
)
def test_from_another_machine_or_through_a_proxy_the_page_does_not_exist(
    fresh: Flask, code: str, options: dict[str, Any]
) -> None:
    browser = Browser(fresh)
    assert browser.get("/setup", **options).status_code == 404
    assert browser.post("/setup", _sent(code), **options).status_code == 404
    assert _organisations(fresh) == 0


@pytest.mark.parametrize("wrong", ["", "0000-0000-0000-0000-0000-0000-0000", "x", "\x00"])
def test_a_wrong_code_makes_nothing_and_loses_nothing(fresh: Flask, code: str, wrong: str) -> None:
    browser = Browser(fresh)
    browser.get("/setup")
    assert browser.post("/setup", _sent(wrong)).status_code == 422
    assert 'id="code-error"' in browser.page
    assert "ភ្នំពេញ" in browser.page
    assert _organisations(fresh) == 0


def test_the_code_holds_for_half_an_hour(fresh: Flask, code: str) -> None:
    with time_machine.travel(clock.now() + setup.OFFERED_FOR + timedelta(seconds=1)):
        assert _set_up(fresh, code)[1] == 422
    assert _organisations(fresh) == 0


def test_wrong_codes_are_throttled(fresh: Flask, code: str) -> None:
    browser = Browser(fresh)
    browser.get("/setup")
    answers = [browser.post("/setup", _sent("wrong")).status_code for _ in range(20)]
    assert set(answers) == {422}
    assert browser.post("/setup", _sent(code)).status_code == 429
    assert _organisations(fresh) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "a\x00b"),
        ("office_code", "P1"),
        ("name_en", " "),
        ("name_km", "x" * 121),
        ("language", "xx"),
        ("login", "not a name"),
        ("label", ""),
        ("password", "password123456"),
    ],
)
def test_what_cannot_be_set_up_is_said_beside_the_field_and_nothing_is_made(
    fresh: Flask, code: str, field: str, value: str
) -> None:
    browser = Browser(fresh)
    browser.get("/setup")
    assert browser.post("/setup", _sent(code, **{field: value})).status_code == 422
    assert f'id="{field}-error"' in browser.page
    assert _organisations(fresh) == 0


def test_the_code_is_kept_only_as_its_digest(fresh: Flask, code: str) -> None:
    made = setup.SetUpOffer(code, clock.now() + timedelta(minutes=1))
    assert made.fits(code.lower())
    assert code.replace("-", "") not in str(vars(made))


# The first password ------------------------------------------------------------------------------


@pytest.fixture
def invitation(app: Flask) -> str:
    """Return the code of an invited user."""
    with _inside(app):
        draft = UserDraft("newcomer", "Newcomer")
        return staff.invite(make.actor("admin"), make.organisation(), draft)[1]


def _welcome(app: Flask, code: str, password: str = GOOD) -> tuple[Browser, int]:
    browser = Browser(app)
    browser.get("/welcome")
    status = browser.post("/welcome", {"code": code, "password": password}).status_code
    return browser, status


def test_a_code_and_a_password_sign_an_invited_user_in(app: Flask, invitation: str) -> None:
    browser, status = _welcome(app, invitation)
    assert status == 303
    assert browser.get("/account").status_code == 200
    assert "newcomer" in browser.text
    with _inside(app):
        assert make.user("newcomer").state == UserState.ACTIVE


def test_a_code_never_stands_in_an_address(app: Flask, invitation: str) -> None:
    browser, _ = _welcome(app, "wrong")
    assert invitation not in browser.page
    assert Browser(app).get(f"/welcome/{invitation}").status_code == 404


@pytest.mark.parametrize("wrong", ["0000-0000", "x" * 80, "\x00\x00", "' OR 1=1"])
def test_a_code_that_nobody_has_is_said_beside_the_field(
    app: Flask, invitation: str, wrong: str
) -> None:
    browser, status = _welcome(app, wrong)
    assert status == 422
    assert 'id="code-error"' in browser.page
    with _inside(app):
        assert make.user("newcomer").state == UserState.INVITED


def test_a_password_that_is_refused_leaves_the_code_as_it_is(app: Flask, invitation: str) -> None:
    browser, status = _welcome(app, invitation, "too short")
    assert status == 422
    assert 'id="password-error"' in browser.page
    assert "too short" not in browser.page
    assert _welcome(app, invitation)[1] == 303


def test_codes_cannot_be_tried_for_ever(app: Flask, invitation: str) -> None:
    browser = Browser(app)
    browser.get("/welcome")
    wrong = {"code": "0000-0000", "password": GOOD}
    answers = {browser.post("/welcome", wrong).status_code for _ in range(20)}
    assert answers == {422}
    answer = browser.post("/welcome", {"code": invitation, "password": GOOD})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    with _inside(app):
        assert session().scalar(select(User.state).where(User.login == "newcomer")) == "invited"


def test_wrong_codes_stand_on_the_trail(app: Flask) -> None:
    _welcome(app, "0000-0000")
    with _inside(app):
        found = trail.entries(make.actor("auditor"), trail.Sought(outcome="refused"))
    assert found.total == 1
