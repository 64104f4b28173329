"""A judgment on its page: added, refused beside its field, notified and appealed."""

import pytest
from flask import Flask

from tests import courts
from tests.web.browse import Browser
from tests.web.case_pages import send
from tests.web.somebody import in_unit
from tests.web.test_proceeding_pages import _parties, _proceeding


@pytest.mark.parametrize("prison", ["", "2"])
def test_what_cannot_be_suspended_is_refused_beside_its_field(app: Flask, prison: str) -> None:
    address, browser = _proceeding(app, 1), Browser(app, "monitor")
    sent = {"parties": _parties(app, address), "prison_years": prison, "suspended_years": "3"}
    said = {"pronounced": "18 November 2026", "pronounced_by": "first_instance", **sent}
    assert send(browser, f"{address}/judgments/new", **said) == 422
    assert '<a href="#suspended_years">' in browser.page
    assert 'id="suspended_years-error"' in browser.page


def test_a_judgment_is_added_notified_and_appealed(app: Flask) -> None:
    address = _proceeding(app, 1)
    browser = Browser(app, "monitor")
    said = {"pronounced": "18 November 2026", "pronounced_by": "first_instance"}
    length = {"prison_years": "2", "prison_months": "6", "suspended_months": "6"}
    money = {"fine": "2,000,000", "fine_currency": "KHR", "damages_currency": "USD"}
    sent = {"parties": _parties(app, address), "presence": "default", **said, **length, **money}
    assert send(browser, f"{address}/judgments/new", **sent) == 303
    browser.get(address)
    assert "prison: 2 years 6 months, 6 months of it suspended, fine of" in browser.text
    assert "In absence" in browser.text
    assert "the time to appeal has not begun" in browser.text
    uid = in_unit(app, lambda: courts.judgments(courts.proceeding_at(address))[0])
    early = {"notified": "2 November 2026"}
    assert send(browser, f"{address}/judgments/{uid}/notified", **early) == 422
    assert send(browser, f"{address}/judgments/{uid}/notified", notified="19 November 2026") == 303
    filed = {"judgments": uid.hex, "appellant": "accused"}
    assert send(browser, f"{address}/appeals/new", **filed, filed="2 November 2026") == 422
    assert "The judgment was pronounced after this day." in browser.text
    assert send(browser, f"{address}/appeals/new", **filed, filed="20 November 2026") == 303
    browser.get(address)
    assert "Appealed by The accused" in browser.text
