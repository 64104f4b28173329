"""The pages for users and their roles, and the one on which directors confirm roles as well."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.access.model import Membership, Role, Scope, UserState
from hrdtracker.accounts import sessions, staff
from hrdtracker.accounts.drafts import UserDraft
from hrdtracker.core.db import session
from hrdtracker.fund.rules import settings
from hrdtracker.fund.rules.settings import FundSettingsDraft
from tests import make
from tests.make import Cast
from tests.two_people import propose
from tests.web.admin_pages import confirm_on_the_page, inside
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){6}")


def _roles(app: Flask, login: str) -> set[Role]:
    with inside(app):
        return {seat.role for seat in make.actor(login).seats}


def _propose(app: Flask, who: str = "admin", whom: str = "nobody") -> str:
    with inside(app):
        return str(propose(who, whom).uid)


# Users -------------------------------------------------------------------------------------------


def test_inviting_shows_the_code_once_and_where_to_type_it(app: Flask) -> None:
    browser = Browser(app, "admin")
    browser.get("/admin/users/invite")
    answer = browser.post("/admin/users/invite", {"login": "newcomer", "label": "Newcomer"})
    assert answer.status_code == 200
    found = CODE.search(browser.text)
    assert found
    assert "/welcome" in browser.text
    browser.get("/admin/users")
    assert "Newcomer" in browser.text
    assert found[0] not in browser.text


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"login": "", "label": "New"}, "login"),
        ({"login": "monitor", "label": "New"}, "login"),
        ({"login": "Ünïcode", "label": "New"}, "login"),
        ({"login": "new", "label": ""}, "label"),
        ({"login": "new", "label": "a\x00b"}, "label"),
        ({"login": "new", "label": "x" * 81}, "label"),
    ],
)
def test_a_user_that_cannot_be_made_is_said_beside_the_field_and_nothing_typed_is_lost(
    app: Flask, sent: dict[str, str], field: str
) -> None:
    browser = Browser(app, "admin")
    browser.get("/admin/users/invite")
    answer = browser.post("/admin/users/invite", sent)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in browser.page
    assert f'value="{sent["login"].casefold()}"' in browser.page.casefold()


def test_a_label_is_never_markup(app: Flask) -> None:
    browser = Browser(app, "admin")
    browser.get("/admin/users/invite")
    browser.post("/admin/users/invite", {"login": "new", "label": "<script>alert(1)</script>"})
    browser.get("/admin/users")
    assert "<script>alert" not in browser.page
    assert "&lt;script&gt;alert(1)" in browser.page


def test_the_users_in_one_state_are_listed(app: Flask) -> None:
    with inside(app):
        make.bring(make.user("colleague"), UserState.LOCKED)
    browser = Browser(app, "admin")
    browser.get("/admin/users?state=locked")
    assert "Colleague" in browser.text
    assert "Far Director" not in browser.text


@pytest.mark.parametrize("state", ["nonsense", "%00", "'"])
def test_a_filter_that_is_none_lists_everybody(app: Flask, state: str) -> None:
    browser = Browser(app, "admin")
    assert browser.get(f"/admin/users?state={state}&page=%00").status_code == 200
    assert "Far Director" in browser.text


def test_a_user_is_locked_unlocked_and_let_go(app: Flask) -> None:
    with inside(app):
        draft = UserDraft("newcomer", "Newcomer")
        made, code = staff.invite(make.actor("admin"), make.organisation(), draft)
        staff.accept(code, "cloud ladder teapot violin")
        path = f"/admin/users/{made.uid}"
    browser = Browser(app, "admin")
    assert _brought_to(browser, path, "locked") == UserState.LOCKED
    assert _brought_to(browser, path, "active") == UserState.LOCKED
    with inside(app):
        make.confirm("national", make.user("newcomer"))
        assert make.user("newcomer").state == UserState.ACTIVE
    browser.get(f"{path}/leave")
    browser.post(f"{path}/leave", {"successor": ""})
    with inside(app):
        assert make.user("newcomer").state == UserState.LEFT


def test_whoever_takes_over_is_named_on_the_page_and_confirmed_on_the_director_s(
    app: Flask,
) -> None:
    with inside(app):
        make.incident()
        uid, successor = make.user("monitor").uid, make.user("colleague").uid.hex
    browser, path = Browser(app, "admin"), f"/admin/users/{uid}"
    browser.get(f"{path}/leave")
    assert browser.post(f"{path}/leave", {"successor": "nobody of these"}).status_code == 422
    assert browser.post(f"{path}/leave", {"successor": successor}).location == path
    outside, director = Browser(app, "second"), Browser(app, "director")
    outside.get("/confirmations")
    assert "A colleague left. Once it is confirmed" in outside.text
    director.get("/")
    assert f"/readings/{uid}" in director.page
    confirm_on_the_page(app, "director", "Monitor left. Once it is confirmed")
    with inside(app):
        assert session().scalars(select(Scope.owner_id)).one() == make.user("colleague").id


def _brought_to(browser: Browser, path: str, state: str) -> str:
    browser.get(path)
    browser.post(f"{path}/state", {"state": state})
    with inside(browser.app):
        return make.user("newcomer").state


@pytest.mark.parametrize("state", ["invited", "king", "", "LOCKED"])
def test_a_state_that_no_button_sends_changes_nothing(app: Flask, cast: Cast, state: str) -> None:
    browser = Browser(app, "admin")
    answer = browser.post(f"/admin/users/{cast.users['monitor']}/state", {"state": state})
    assert answer.status_code == 404
    with inside(app):
        assert make.user("monitor").state == UserState.ACTIVE


def test_nobody_locks_themselves(app: Flask, cast: Cast) -> None:
    browser, path = Browser(app, "admin"), f"/admin/users/{cast.users['admin']}"
    browser.get(path)
    assert "Lock the account" not in browser.text
    assert browser.post(f"{path}/state", {"state": "locked"}).status_code == 422


def test_a_new_code_signs_a_user_out_and_is_shown_once(app: Flask, cast: Cast) -> None:
    monitor = Browser(app, "monitor")
    browser = Browser(app, "admin")
    browser.get(f"/admin/users/{cast.users['monitor']}")
    browser.post(f"/admin/users/{cast.users['monitor']}/code")
    assert CODE.search(browser.text)
    assert monitor.get("/").location == "/login"


# Roles -------------------------------------------------------------------------------------------


def test_a_role_is_given_in_an_office_until_a_day(app: Flask, cast: Cast) -> None:
    browser, path = Browser(app, "admin"), f"/admin/users/{cast.users['nobody']}"
    browser.get(path)
    sent = {"role": "monitor", "office": "PNH", "ends_on": "31 December 2099"}
    assert browser.post(path, sent).status_code == 303
    assert _roles(app, "nobody") == set()
    with inside(app):
        held = (
            session()
            .scalars(select(Membership).where(Membership.user_id == make.user("nobody").id))
            .one()
        )
        assert held.office_id == make.office("PNH").id
        assert held.ends_at is not None
        assert held.ends_at.isoformat() == "2099-12-31T17:00:00+00:00"  # midnight in Phnom Penh


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"role": "", "office": "PNH"}, "role"),
        ({"role": "king", "office": "PNH"}, "role"),
        ({"role": "monitor", "office": "XXX"}, "office"),
        ({"role": "monitor", "office": "PNH", "ends_on": "some day"}, "ends_on"),
        ({"role": "monitor", "office": "PNH", "ends_on": "2099"}, "ends_on"),
        ({"role": "monitor", "office": "PNH", "ends_on": "1 January 2001"}, "ends_on"),
    ],
)
def test_a_role_that_cannot_be_given_is_said_beside_the_field(
    app: Flask, cast: Cast, sent: dict[str, str], field: str
) -> None:
    browser, path = Browser(app, "admin"), f"/admin/users/{cast.users['nobody']}"
    browser.get(path)
    assert browser.post(path, sent).status_code == 422
    assert f'id="{field}-error"' in browser.page
    assert _roles(app, "nobody") == set()


def test_fields_that_no_form_has_give_nothing(app: Flask, cast: Cast) -> None:
    browser, path = Browser(app, "admin"), f"/admin/users/{cast.users['nobody']}"
    browser.get(path)
    browser.post(path, {"role": "director", "office": "", "confirmed_by_id": "2", "alone": "1"})
    assert _roles(app, "nobody") == set()


def test_a_role_is_ended(app: Flask, cast: Cast) -> None:
    with inside(app):
        held = (
            session()
            .scalars(select(Membership).where(Membership.user_id == make.user("director").id))
            .one()
        )
        uid = held.uid
    browser, path = Browser(app, "admin"), f"/admin/users/{cast.users['director']}"
    browser.get(path)
    assert browser.post(f"{path}/roles/{uid}/end").status_code == 303
    assert _roles(app, "director") == set()


def test_a_role_is_not_ended_through_another_user_s_page(app: Flask, cast: Cast) -> None:
    with inside(app):
        held = (
            session()
            .scalars(select(Membership).where(Membership.user_id == make.user("director").id))
            .one()
        )
        uid = held.uid
    browser = Browser(app, "admin")
    answer = browser.post(f"/admin/users/{cast.users['monitor']}/roles/{uid}/end")
    assert answer.status_code == 404
    assert _roles(app, "director") == {Role.DIRECTOR}


def test_a_session_that_a_role_change_ended_is_dead_on_the_pages(app: Flask, cast: Cast) -> None:
    director = Browser(app, "director")
    assert director.get("/").status_code == 200
    with inside(app):
        assert sessions.alive(make.user("director").id)
    browser = Browser(app, "admin")
    path = f"/admin/users/{cast.users['director']}"
    browser.get(path)
    browser.post(path, {"role": "monitor", "office": "PNH"})
    assert director.get("/").location == "/login"


# What takes two ----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["admin2", "director", "national", "far_director"])
def test_administrators_and_directors_see_what_waits_and_confirm_it(app: Flask, who: str) -> None:
    uid = _propose(app)
    browser = Browser(app, who)
    browser.get("/confirmations")
    assert "Nobody: Director, Phnom Penh" in browser.text
    assert browser.post(f"/confirmations/{uid}/confirm").status_code == 303
    assert _roles(app, "nobody") == {Role.DIRECTOR}


def test_whoever_is_outside_confirms_a_sentence_without_names(app: Flask) -> None:
    uid = _propose(app)
    browser = Browser(app, "second")
    browser.get("/")
    assert "A colleague: Director, Phnom Penh" in browser.text
    browser.get("/confirmations")
    assert "Admin 1" not in browser.text
    assert browser.post(f"/confirmations/{uid}/confirm").status_code == 303
    assert _roles(app, "nobody") == {Role.DIRECTOR}


@pytest.mark.parametrize("who", ["monitor", "auditor", "fund"])
def test_nobody_else_sees_or_confirms_it(app: Flask, who: str) -> None:
    uid = _propose(app)
    browser = Browser(app, who)
    browser.get("/confirmations")
    assert "Nobody: Director" not in browser.text
    for answer in ("confirm", "refuse", "take_back", "stop"):
        assert browser.post(f"/confirmations/{uid}/{answer}").status_code == 404
    assert _roles(app, "nobody") == set()


def test_whoever_proposed_reads_who_can_confirm_and_takes_it_back(app: Flask) -> None:
    uid = _propose(app)
    browser = Browser(app, "admin")
    browser.get("/confirmations")
    assert "Who can confirm it: Admin2, Director" in browser.text
    assert browser.post(f"/confirmations/{uid}/confirm").status_code == 404
    assert browser.post(f"/confirmations/{uid}/withdraw").status_code == 303
    browser.get("/confirmations")
    assert "Taken back Nobody: Director" in browser.text


def test_whom_it_concerns_reads_of_it_and_stops_it(app: Flask) -> None:
    uid = _propose(app)
    browser = Browser(app, "nobody")
    browser.get("/confirmations")
    assert "It concerns you" in browser.text
    assert browser.post(f"/confirmations/{uid}/stop").status_code == 303
    assert Browser(app, "national").post(f"/confirmations/{uid}/confirm").status_code == 409
    assert _roles(app, "nobody") == set()


def test_what_is_refused_is_gone_from_the_page_and_gives_nothing(app: Flask) -> None:
    uid = _propose(app)
    browser = Browser(app, "director")
    browser.get("/confirmations")
    assert browser.post(f"/confirmations/{uid}/refuse").status_code == 303
    browser.get("/confirmations")
    assert "Refused Nobody: Director" in browser.text
    assert _roles(app, "nobody") == set()


def test_what_was_confirmed_meanwhile_is_a_conflict(app: Flask) -> None:
    uid = _propose(app)
    first, second = Browser(app, "director"), Browser(app, "national")
    first.get("/confirmations")
    second.get("/confirmations")
    first.post(f"/confirmations/{uid}/confirm")
    assert second.post(f"/confirmations/{uid}/confirm").status_code == 409


def test_what_took_effect_alone_is_shown_as_counting_already(app: Flask) -> None:
    browser = Browser(app, "national")
    browser.get("/confirmations")
    assert "Admin 1: Administrator, all offices" in browser.text
    assert "Counts already" in browser.text


def test_settings_of_the_fund_are_told_before_and_after(app: Flask) -> None:
    with inside(app):
        draft = FundSettingsDraft(officer_most=700_00, preparer_may_release=True)
        settings.change_settings(make.actor("admin"), make.organisation(), draft, 0)
    browser = Browser(app, "national")
    browser.get("/confirmations")
    assert "Who prepares may release: No → Yes" in browser.text
