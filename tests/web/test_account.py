"""Signing in through the pages, one's own account, and a session that ended while typing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from hrdtracker.access.model import Role, User, UserState
from hrdtracker.accounts import roles, sessions, staff
from hrdtracker.accounts.drafts import UserDraft
from hrdtracker.accounts.model import LoginSession
from hrdtracker.core import clock
from hrdtracker.core.db import session, unit_of_work
from tests import make
from tests.hashing import busy_machine
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")
GOOD = "cloud ladder teapot violin"
COOKIE = "day"


@contextmanager
def _inside(app: Flask) -> Iterator[None]:
    """Look into, or change, the database between two pages."""
    with app.app_context(), unit_of_work(make.open_session(app)):
        yield


@pytest.fixture
def somebody(app: Flask) -> str:
    """Return the user name of a monitor with a password."""
    with _inside(app):
        draft = UserDraft("somebody", "Somebody")
        user, code = staff.invite(make.actor("admin"), make.organisation(), draft)
        staff.accept(code, GOOD)
        make.role_given(user.login, Role.ADMINISTRATOR, None)
    return "somebody"


def _sign_in(app: Flask, login: str, password: str = GOOD) -> Browser:
    browser = Browser(app)
    browser.get("/login")
    browser.post("/login", {"login": login, "password": password})
    return browser


# Signing in --------------------------------------------------------------------------------------


def test_the_right_password_leads_to_the_first_page(app: Flask, somebody: str) -> None:
    browser = _sign_in(app, somebody)
    assert browser.get("/account").status_code == 200
    assert "somebody" in browser.text


def test_the_token_s_cookie_is_kept_from_scripts_and_other_sites(app: Flask, somebody: str) -> None:
    browser = Browser(app)
    browser.get("/login")
    answer = browser.post("/login", {"login": somebody, "password": GOOD})
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("day="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize(("login", "password"), [("somebody", "wrong"), ("nobody_at_all", GOOD)])
def test_a_refused_sign_in_says_no_more_than_that(
    app: Flask, somebody: str, login: str, password: str
) -> None:
    browser = Browser(app)
    browser.get("/login")
    answer = browser.post("/login", {"login": login, "password": password})
    assert answer.status_code == 422
    assert "do not go together" in browser.text
    assert password not in browser.page


@pytest.mark.parametrize("login", ["", "x" * 65, "some\x00body", "<script>", "a' OR '1'='1"])
def test_a_user_name_that_none_is_gives_no_fault(app: Flask, login: str) -> None:
    browser = Browser(app)
    browser.get("/login")
    assert browser.post("/login", {"login": login, "password": "x"}).status_code == 422


def test_a_token_that_the_browser_brought_along_is_not_adopted(app: Flask, somebody: str) -> None:
    browser = Browser(app)
    browser.client.set_cookie(COOKIE, "chosen by somebody else")
    browser.get("/login")
    browser.post("/login", {"login": somebody, "password": GOOD})
    held = browser.client.get_cookie(COOKIE)
    assert held is not None
    assert held.value != "chosen by somebody else"
    with _inside(app):
        assert sessions.identify("chosen by somebody else") is None
        assert sessions.identify(held.value) is not None


def test_the_session_that_a_browser_still_held_ends_when_somebody_signs_in(
    app: Flask, somebody: str
) -> None:
    browser = Browser(app, "monitor")
    before = browser.client.get_cookie(COOKIE)
    assert before is not None
    browser.get("/login")
    browser.post("/login", {"login": somebody, "password": GOOD})
    with _inside(app):
        assert sessions.identify(before.value) is None


def test_many_attempts_are_told_how_long_to_wait(app: Flask, somebody: str) -> None:
    browser = Browser(app)
    browser.get("/login")
    with time_machine.travel(clock.now(), tick=False):  # a slow machine must not wait it out
        for _ in range(5):
            answer = browser.post("/login", {"login": somebody, "password": "wrong"})
            assert answer.status_code == 422
        answer = browser.post("/login", {"login": somebody, "password": GOOD})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_machine_that_is_hashing_already_asks_to_come_again(app: Flask, somebody: str) -> None:
    browser = Browser(app)
    browser.get("/login")
    with busy_machine():
        answer = browser.post("/login", {"login": somebody, "password": GOOD})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1


# Other sites -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://localhost.elsewhere.example"},
    ],
)
def test_what_another_site_sends_is_refused_even_with_the_right_token(
    app: Flask, headers: dict[str, str]
) -> None:
    browser = Browser(app, "monitor")
    browser.get("/account")
    answer = browser.post("/account/preferences", {"language": "km"}, headers=headers)
    assert answer.status_code == 403
    with _inside(app):
        assert make.user("monitor").language is None


@pytest.mark.parametrize("token", ["", "x", "0" * 90])
def test_what_comes_without_the_page_s_token_is_refused(app: Flask, token: str) -> None:
    browser = Browser(app, "monitor")
    browser.get("/account")
    answer = browser.post("/account/preferences", {"language": "km", "csrf_token": token})
    assert answer.status_code == 400
    with _inside(app):
        assert make.user("monitor").language is None


def test_the_token_of_another_browser_is_no_token(app: Flask) -> None:
    other = Browser(app, "monitor")
    other.get("/account")
    browser = Browser(app, "monitor")
    browser.get("/account")
    answer = browser.post("/account/preferences", {"language": "km", "csrf_token": other.csrf()})
    assert answer.status_code == 400


# One's account -----------------------------------------------------------------------------------


def test_one_s_sessions_are_listed_and_another_is_ended(app: Flask) -> None:
    phone, desk = Browser(app, "monitor"), Browser(app, "monitor")
    desk.get("/account")
    with _inside(app):
        query = select(LoginSession).order_by(LoginSession.id)
        first = session().scalars(query).first()
        assert first is not None
        uid = first.uid
    assert desk.post(f"/account/sessions/{uid}").status_code == 303
    assert phone.get("/").location == "/login"
    assert desk.get("/account").status_code == 200


def test_all_other_sessions_are_ended_at_once(app: Flask) -> None:
    phone, desk = Browser(app, "monitor"), Browser(app, "monitor")
    desk.get("/account")
    assert desk.post("/account/sessions/others").status_code == 303
    assert phone.get("/").location == "/login"
    assert desk.get("/account").status_code == 200


def test_the_session_of_another_user_is_not_found(app: Flask) -> None:
    Browser(app, "colleague")
    with _inside(app):
        uid = session().scalars(select(LoginSession)).one().uid
    browser = Browser(app, "monitor")
    browser.get("/account")
    assert browser.post(f"/account/sessions/{uid}").status_code == 404


def test_a_password_is_changed_and_a_wrong_one_leaves_it(app: Flask, somebody: str) -> None:
    browser = _sign_in(app, somebody)
    fresh = "another good pass phrase"
    wrong = browser.post("/account/password", {"present": "wrong", "password": fresh})
    assert wrong.status_code == 422
    assert (
        browser.post("/account/password", {"present": GOOD, "password": fresh}).status_code == 303
    )
    assert browser.get("/account").status_code == 200
    assert _sign_in(app, somebody, fresh).get("/account").status_code == 200


def test_a_refused_new_password_stands_beside_its_field(app: Flask, somebody: str) -> None:
    browser = _sign_in(app, somebody)
    answer = browser.post("/account/password", {"present": GOOD, "password": "short"})
    assert answer.status_code == 422
    assert 'id="password-error"' in browser.page


# A session that ended while typing ---------------------------------------------------------------

LATER = sessions.IDLE + timedelta(minutes=1)
OURS = {"Sec-Fetch-Site": "same-origin"}


def _typed(browser: Browser) -> dict[str, str]:
    """Open the form for an invitation, and return it filled in."""
    browser.get("/admin/users/invite")
    sending = browser.page.split('name="submission_id"')[1].split('value="')[1].split('"')[0]
    return {
        "csrf_token": browser.csrf(),
        "_as": browser.uid.hex if browser.uid else "",
        "submission_id": sending,
        "login": "newcomer",
        "label": "Newcomer <1>",
    }


def _known(app: Flask, login: str) -> Browser:
    browser = _sign_in(app, login)
    with _inside(app):
        browser.uid = make.user(login).uid
    return browser


def _invited(app: Flask) -> int:
    with _inside(app):
        query = select(func.count()).select_from(User).where(User.login == "newcomer")
        return session().scalar(query) or 0


def test_the_same_user_gives_the_password_and_the_save_is_completed_once(
    app: Flask, somebody: str
) -> None:
    browser = _known(app, somebody)
    typed = _typed(browser)
    with time_machine.travel(clock.now() + LATER):
        asked = browser.client.post("/admin/users/invite", data=typed)
        assert asked.status_code == 401
        page = asked.get_data(as_text=True)
        assert "Newcomer &lt;1&gt;" in page
        assert _invited(app) == 0
        saved = browser.client.post("/admin/users/invite", data={**typed, "_resume": GOOD})
        assert saved.status_code == 200
        assert browser.client.post("/admin/users/invite", data=typed).status_code == 200
    assert _invited(app) == 1


def test_a_wrong_password_saves_nothing_and_loses_nothing(app: Flask, somebody: str) -> None:
    browser = _known(app, somebody)
    typed = _typed(browser)
    del typed["_as"]  # the session that ended says whose it is
    with time_machine.travel(clock.now() + LATER):
        asked = browser.client.post("/admin/users/invite", data={**typed, "_resume": "wrong"})
    assert asked.status_code == 401
    page = asked.get_data(as_text=True)
    assert f"“{somebody}”" in page
    assert "Newcomer &lt;1&gt;" in page
    assert 'value="wrong"' not in page
    assert _invited(app) == 0


def test_what_another_user_typed_is_not_completed_by_this_one(app: Flask, somebody: str) -> None:
    browser = _known(app, somebody)
    typed = _typed(browser)
    with _inside(app):
        typed["_as"] = make.user("admin").uid.hex
    with time_machine.travel(clock.now() + LATER):
        asked = browser.client.post("/admin/users/invite", data=typed)
        assert asked.status_code == 401
        assert f"“{somebody}”" not in asked.get_data(as_text=True)
        answer = browser.client.post(
            "/admin/users/invite", data={**typed, "_login": somebody, "_resume": GOOD}
        )
    assert answer.status_code == 409
    assert _invited(app) == 0


def test_a_page_that_another_user_had_opened_saves_nothing_as_this_one(
    app: Flask, somebody: str
) -> None:
    browser = _known(app, somebody)
    typed = _typed(browser)
    with _inside(app):
        typed["_as"] = make.user("admin").uid.hex
    assert browser.client.post("/admin/users/invite", data=typed).status_code == 409
    assert _invited(app) == 0


def test_a_session_that_ended_because_a_role_changed_completes_the_save_too(
    app: Flask, somebody: str
) -> None:
    browser = _known(app, somebody)
    typed = _typed(browser)
    with _inside(app):
        user = make.user(somebody)
        roles.propose_role(make.actor("admin"), user, Role.MONITOR, make.office(make.HERE))
    assert browser.client.post("/admin/users/invite", data=typed).status_code == 401
    saved = browser.client.post("/admin/users/invite", data={**typed, "_resume": GOOD})
    assert saved.status_code == 200
    assert _invited(app) == 1


def test_after_signing_out_elsewhere_the_name_and_the_password_complete_the_save(
    app: Flask, somebody: str
) -> None:
    browser = _known(app, somebody)
    typed = _typed(browser)
    browser.post("/logout")
    assert browser.client.get_cookie(COOKIE) is None
    asked = browser.client.post("/admin/users/invite", data=typed, headers=OURS)
    assert asked.status_code == 401
    browser.page = asked.get_data(as_text=True)
    assert "Newcomer &lt;1&gt;" in browser.page
    assert f"“{somebody}”" not in browser.page
    typed["csrf_token"] = browser.csrf()
    for given in ({"_resume": GOOD}, {"_resume": "wrong", "_login": somebody}):
        again = browser.client.post("/admin/users/invite", data={**typed, **given}, headers=OURS)
        assert again.status_code == 401
        assert "Newcomer &lt;1&gt;" in again.get_data(as_text=True)
    assert _invited(app) == 0
    given = {"_login": somebody, "_resume": GOOD}
    saved = browser.client.post("/admin/users/invite", data={**typed, **given}, headers=OURS)
    assert saved.status_code == 200
    assert _invited(app) == 1


def test_a_form_of_nobody_or_of_another_site_is_not_asked_about(app: Flask, somebody: str) -> None:
    browser = _known(app, somebody)
    typed = _typed(browser)
    browser.post("/logout")
    for sent, headers in ((typed, {}), ({**typed, "_as": ""}, OURS)):
        answer = browser.client.post("/admin/users/invite", data=sent, headers=headers)
        assert (answer.status_code, answer.location) == (303, "/login")


def test_a_locked_user_completes_nothing(app: Flask, somebody: str) -> None:
    browser = _known(app, somebody)
    typed = _typed(browser)
    with _inside(app):
        make.bring(make.user(somebody), UserState.LOCKED)
    answer = browser.client.post("/admin/users/invite", data={**typed, "_resume": GOOD})
    assert answer.status_code == 401
    assert _invited(app) == 0


def test_leaving_takes_the_token_out_of_the_browser(app: Flask) -> None:
    browser = Browser(app, "monitor")
    browser.get("/account")
    held = browser.client.get_cookie(COOKIE)
    assert held is not None
    browser.post("/leave")
    assert browser.client.get_cookie(COOKIE) is None
    with _inside(app):
        assert sessions.identify(held.value) is None


def test_leaving_once_more_shows_the_neutral_page_too(app: Flask) -> None:
    browser = Browser(app, "monitor")
    browser.get("/account")
    form = {"csrf_token": browser.csrf()}
    answers = [browser.client.post("/leave", data=form) for _ in range(2)]
    assert [(each.status_code, each.location) for each in answers] == [(303, "/away")] * 2
