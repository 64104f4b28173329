"""A case that nobody can open is opened: from what takes two people to the case itself."""

import pytest
from flask import Flask

from hrdtracker.access.model import Scope, Sensitivity, UserState
from hrdtracker.cases import sharing
from hrdtracker.core.db import session
from tests import make
from tests.web.admin_pages import confirm_on_the_page, inside
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")


def test_the_national_director_finds_it_asks_and_opens_it_once_another_confirms(
    app: Flask,
) -> None:
    with inside(app):
        case = make.case_of(make.incident("monitor"))
        uid, scope = case.uid, session().get_one(Scope, case.scope_id).uid
        sharing.set_sensitivity(make.actor("director"), case, Sensitivity.SECRET, case.version)
        make.confirm("monitor", case)
        make.bring(make.user("monitor"), UserState.LOCKED)
        make.bring(make.user("director"), UserState.LOCKED)
    national = Browser(app, "national")
    assert national.get(f"/cases/{uid}").status_code == 404
    national.get("/confirmations")
    assert 'href="/cases/recovery"' in national.page
    national.get("/cases/recovery")
    assert "Nobody at work can open it" in national.text
    address = f"/cases/recovery/{scope}"
    assert f'href="{address}"' in national.page
    national.get(address)
    assert national.post(address, {"reason": ""}).status_code == 422
    answer = national.post(address, {"reason": "Nobody else can open it."})
    assert (answer.status_code, answer.location) == (303, "/confirmations")
    assert national.get(f"/cases/{uid}").status_code == 404
    confirm_on_the_page(app, "second", "A colleague is to open a case that too few can open")
    assert national.get(f"/cases/{uid}").status_code == 200
