"""The page on which a grant is ended half way through its requests."""

import pytest
from flask import Flask

from hrdtracker.core.db import session
from hrdtracker.fund.model import DonorGrant
from tests import fund
from tests.web.admin_pages import inside
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")


def test_a_grant_is_ended_half_way_with_each_promise_decided(app: Flask) -> None:
    with inside(app):
        line, other = fund.line(1_000_00), fund.line(500_00)
        moved, back = fund.committed(100_00, line), fund.committed(200_00, line)
        grant = session().get_one(DonorGrant, line.grant_id).uid
        uids = {"moved": moved.uid.hex, "given_back": back.uid.hex}
        code, to = moved.code, other.uid.hex
    page, officer = f"/fund/grants/{grant}", Browser(app, "fund")
    officer.get(page)
    assert f"{page}/end" in officer.page
    officer.get(f"{page}/end")
    assert f"{code}: 100.00 USD not paid yet" in officer.text
    sent = {"version": "1", "ended_on": "today", "reason": "Its law changed."}
    for number, (fate, uid) in enumerate(uids.items()):
        sent |= {f"promises-{number}-request": uid, f"promises-{number}-fate": fate}
    assert officer.post(f"{page}/end", sent).status_code == 422
    assert "Choose the line of another grant to which promises go." in officer.text
    assert "Its law changed." in officer.text
    assert officer.post(f"{page}/end", {**sent, "line": to, "version": "0"}).status_code == 409
    assert officer.post(f"{page}/end", {**sent, "line": to}).status_code == 303
    officer.get(page)
    assert "Ended by its donor" in officer.text
    assert "Its law changed." in officer.text
    assert "Promised, not paid yet 0.00 USD" in officer.text
    assert "Only where it was recorded by mistake" in officer.text
    for act in ("lines/new", "end"):
        assert f"{page}/{act}" not in officer.page, "nothing is offered that is refused"
        assert officer.get(f"{page}/{act}").status_code == 409
    for login in ("fund2", "finance"):
        browser = Browser(app, login)
        browser.get("/")
        assert "A donor ended a grant" in browser.text, login
