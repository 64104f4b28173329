"""A proceeding on its page: opened from a case, parties, charges and their history, custody."""

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.people.drafts import Victim
from hrdtracker.proceedings import parties
from hrdtracker.proceedings.drafts.charges import Qualification
from hrdtracker.proceedings.drafts.proceedings import PartiesDraft
from hrdtracker.proceedings.model import ChargeStep, LegalTitle, PartyRole
from tests import courts, make
from tests.web.browse import Browser
from tests.web.case_pages import hidden, send
from tests.web.somebody import in_unit, statements

MANY = 23


def _case(app: Flask, count: int = 2, login: str = "monitor") -> str:
    """Return the address of a new case with so many people."""
    return str(in_unit(app, lambda: f"/cases/{courts.case_with(count, login).uid}"))


def _proceeding(app: Flask, count: int = 2) -> str:
    """Return the address of a new proceeding against so many people, all of them charged."""

    def make_one() -> str:
        proceeding = courts.opened(courts.case_with(count))
        courts.charged(proceeding)
        return f"/proceedings/{proceeding.uid}"

    return str(in_unit(app, make_one))


def _people(app: Flask, case: str) -> list[str]:
    def read() -> list[str]:
        return [uid.hex for uid in courts.people(courts.case_at(case))]

    return list(in_unit(app, read))


def _parties(app: Flask, address: str) -> list[str]:
    def read() -> list[str]:
        return [uid.hex for uid in courts.parties(courts.proceeding_at(address))]

    return list(in_unit(app, read))


def test_a_proceeding_is_opened_from_its_case_and_stands_on_it(app: Flask) -> None:
    case = _case(app)
    browser = Browser(app, "monitor")
    accused = _people(app, case)
    status = send(
        browser, f"{case}/proceedings/new", stage="trial", court="appeal_12", accused=accused
    )
    assert status == 303
    browser.get(case)
    assert "Trial, " in browser.text
    assert "2 accused" in browser.text


def test_what_is_refused_stands_beside_its_field_and_all_is_still_there(app: Flask) -> None:
    case = _case(app)
    browser = Browser(app, "monitor")
    status = send(browser, f"{case}/proceedings/new", court_number="No. 7/2026")
    assert status == 422
    assert "Choose how far it is." in browser.text
    assert "No. 7/2026" in browser.page


def test_several_are_charged_at_once_and_the_sheet_has_a_line_for_each(app: Flask) -> None:
    address = _proceeding(app)
    browser = Browser(app, "monitor")
    chosen = {"parties": _parties(app, address), "provision": "kh_cc_453"}
    status = send(browser, f"{address}/charges/new", **chosen, charged="17 November 2026")
    assert status == 303
    browser.get(address)
    assert browser.text.count("Criminal Code, art. 453") >= 2
    assert "5 years to 10 years" in browser.text


def test_a_requalified_charge_shows_what_it_was(app: Flask) -> None:
    def make_one() -> str:
        proceeding = courts.opened(courts.case_with(1))
        charge = courts.charged(proceeding)
        said = {"qualification": Qualification("kh_cc_453")}
        courts.stepped(proceeding, charge, ChargeStep.REQUALIFIED, **said)
        return f"/proceedings/{proceeding.uid}"

    browser = Browser(app, "monitor")
    browser.get(str(in_unit(app, make_one)))
    assert "<del>" in browser.page
    assert "6 months to 2 years" in browser.text
    assert "Felony" in browser.text


def test_an_outcome_before_the_charge_is_refused_beside_its_field(app: Flask) -> None:
    address = _proceeding(app, 1)
    browser = Browser(app, "monitor")
    charges = in_unit(
        app, lambda: [uid.hex for uid in courts.charges(courts.proceeding_at(address))]
    )
    said = {"charges": charges, "kind": "acquitted", "decided": "2 November 2026"}
    assert send(browser, f"{address}/outcomes/new", **said) == 422
    assert "The charge was made after this day." in browser.text


def test_a_witness_and_a_lawyer_are_added(app: Flask) -> None:
    address = _proceeding(app, 1)
    browser = Browser(app, "monitor")
    assert send(browser, f"{address}/parties/new", role="witness", who="Demo Witness, F, 40") == 303
    lawyer = {"parties": _parties(app, address)[:1], "name": "Lawyer One"}
    assert send(browser, f"{address}/lawyers/new", **lawyer) == 303
    browser.get(address)
    assert "B. (Witness)" in browser.text
    assert "Lawyer: Lawyer One" in browser.text


def test_custody_is_said_of_several_and_its_end_later(app: Flask) -> None:
    case = _case(app)
    browser = Browser(app, "monitor")
    said = {"people": _people(app, case), "kind": "police_custody", "began": "16 November 2026"}
    assert send(browser, f"{case}/grounds/new", **said) == 303
    title = in_unit(app, lambda: courts.titles(courts.case_at(case))[0].hex)
    early = {"ended": "2 November 2026"}
    assert send(browser, f"/grounds/{UUID(title)}/edit", **early) == 422
    assert "This ends before it begins." in browser.text
    assert send(browser, f"/grounds/{UUID(title)}/edit", ended="18 November 2026") == 303


def test_an_end_that_was_told_as_yesterday_stays_that_day_when_something_else_is_changed(
    app: Flask,
) -> None:
    said = When.day(date(2026, 11, 18), make.ZONE, "yesterday")
    case = _case(app, 1)
    title = in_unit(app, lambda: courts.held(courts.case_at(case), ended=said).uid)
    browser = Browser(app, "monitor")
    browser.get(f"/grounds/{title}/edit")
    assert 'value="yesterday"' in browser.page
    assert send(browser, f"/grounds/{title}/edit", ended="yesterday", note="Seen there") == 303

    def ended() -> When | None:
        row = session().scalars(select(LegalTitle).where(LegalTitle.uid == title)).one()
        return LegalTitle.ended.plain(row)

    kept = in_unit(app, ended)
    assert (kept.earliest, kept.latest) == (said.earliest, said.latest)


def test_an_end_of_which_nobody_knows_the_day_stays_an_end_when_something_else_is_changed(
    app: Flask,
) -> None:
    case = _case(app, 1)
    unknown = When.unknown("", make.ZONE)
    title = in_unit(app, lambda: courts.held(courts.case_at(case), ended=unknown).uid)
    browser = Browser(app, "monitor")
    assert send(browser, f"/grounds/{title}/edit", ended="", note="Seen outside") == 303

    def has_ended() -> bool:
        row = session().scalars(select(LegalTitle).where(LegalTitle.uid == title)).one()
        return LegalTitle.ended.plain(row) == unknown

    assert in_unit(app, has_ended)


def test_an_extension_is_an_order_that_says_what_it_extends(app: Flask) -> None:
    case = _case(app, 1)
    in_unit(app, lambda: courts.held(courts.case_at(case)))
    browser = Browser(app, "monitor")
    said = {"people": _people(app, case), "kind": "extension", "ordered": "17 November 2026"}
    assert send(browser, f"{case}/orders/new", **said) == 422
    assert "Choose what it extends." in browser.text
    title = in_unit(app, lambda: courts.titles(courts.case_at(case))[0].hex)
    assert send(browser, f"{case}/orders/new", **said, title=title, in_writing="yes") == 303


def test_two_readers_who_each_see_one_case_read_the_people_of_theirs(app: Flask) -> None:
    def make_one() -> str:
        here, there = courts.case_with(3), courts.case_with(2, "stranger")
        proceeding, national = courts.opened(here), make.actor("national")
        courts.tied(proceeding, there)
        known = tuple(Victim(known=uid) for uid in courts.people(there))
        draft = PartiesDraft(PartyRole.ACCUSED, known)
        parties.add_parties(national, proceeding, there, draft)
        return f"/proceedings/{proceeding.uid}"

    address = str(in_unit(app, make_one))
    assert [
        Browser(app, login).get(address).get_data(as_text=True).count("(Accused)")
        for login in ("monitor", "stranger", "national")
    ] == [_each(3), _each(2), _each(5)]


def test_a_tie_that_lets_others_read_waits_for_a_second_person_and_says_so(app: Flask) -> None:
    def make_one() -> tuple[str, str]:
        proceeding = courts.opened(courts.case_with(1))
        return f"/proceedings/{proceeding.uid}", courts.case_with(1, "stranger").uid.hex

    address, there = in_unit(app, make_one)
    national, director = Browser(app, "national"), Browser(app, "director")
    assert send(national, f"{address}/cases/new", case=there) == 303
    national.get(address)
    assert "It waits for a second person" in national.text
    assert Browser(app, "stranger").get(address).status_code == 404
    director.get("/confirmations")
    assert "A proceeding is to concern a further case" in director.text
    assert "would read its number at the court" in director.text
    in_unit(app, lambda: make.confirm("director", courts.proceeding_at(address)))
    assert Browser(app, "stranger").get(address).status_code == 200


def test_two_proceedings_are_joined_and_that_is_undone(app: Flask) -> None:
    def make_two() -> list[str]:
        case = courts.case_with(2)
        first, second = courts.opened(case), courts.opened(case)
        courts.charged(first)
        return [f"/proceedings/{first.uid}", f"/proceedings/{second.uid}"]

    first, second = in_unit(app, make_two)
    browser = Browser(app, "monitor")
    assert send(browser, f"{first}/join", joined="20 November 2026") == 422
    assert "Choose the proceeding that goes on." in browser.text
    into = second.split("/")[2].replace("-", "")
    said = {"into": into, "joined": "20 November 2026", "known_by": "document"}
    assert send(browser, f"{first}/join", **said) == 303
    browser.get(second)
    assert browser.text.count("Criminal Code, art. 495") >= 2
    assert re.search(r"Joined with this one, .{4,40}A document says so", browser.text)
    browser.get(first)
    assert "It goes on there." in browser.text
    assert "Add a charge" not in browser.text
    version = hidden(browser, "version")
    assert browser.post(f"{first}/reopen", {"version": version}).status_code == 303
    browser.get(second)
    assert "art. 495" not in browser.text


def test_some_of_the_accused_are_separated_into_a_proceeding_of_their_own(app: Flask) -> None:
    address = _proceeding(app, 2)
    browser = Browser(app, "monitor")
    said = {"separated": "20 November 2026", "stage": "trial"}
    assert send(browser, f"{address}/separate", **said, parties=_parties(app, address)) == 422
    assert "Somebody must stay in this proceeding." in browser.text
    assert send(browser, f"{address}/separate", **said, parties=_parties(app, address)[1:]) == 303
    browser.get(address)
    assert "Separated from this one, " in browser.text
    assert len(_parties(app, address)) == 1


def test_a_request_of_the_defence_is_filed_and_shown_with_how_long_nobody_decided(
    app: Flask,
) -> None:
    address = _proceeding(app, 1)
    browser = Browser(app, "monitor")
    said = {"parties": _parties(app, address), "filed": "10 days ago"}
    assert send(browser, f"{address}/requests/new", **said) == 422
    assert "Choose what was asked for." in browser.text
    assert send(browser, f"{address}/requests/new", **said, kind="release") == 303
    case = in_unit(app, lambda: courts.case_of(courts.proceeding_at(address)).uid)
    for page in (address, f"/cases/{case}/court"):
        browser.get(page)
        assert "Release, for A." in browser.text
        assert "undecided for 10 days" in browser.text


def test_a_granted_release_leads_to_the_form_for_where_they_are_and_frees_nobody(
    app: Flask,
) -> None:
    address = _proceeding(app, 1)
    browser = Browser(app, "monitor")
    said = {"parties": _parties(app, address), "filed": "10 days ago", "kind": "bail"}
    send(browser, f"{address}/requests/new", **said)
    browser.get(address)
    form = re.search(r"/requests-of-the-defence/[0-9a-f-]{36}", browser.page)
    assert form
    assert send(browser, form[0], standing="granted") == 422
    assert "Write when it was decided, roughly." in browser.text
    browser.get(form[0])
    granted = {"version": hidden(browser, "version"), "standing": "granted"}
    answer = browser.post(form[0], {**granted, "decided": "yesterday"})
    assert answer.location.endswith("/custody")
    browser.get(answer.location)
    assert "The decision frees nobody here" in browser.text
    browser.get(form[0])
    assert 'value="yesterday"' in browser.page


def test_what_nobody_confirmed_for_a_day_is_confirmed_in_one_tap(app: Flask) -> None:
    address = _proceeding(app, 1)
    browser = Browser(app, "monitor")
    browser.get(address)
    assert "Still so, confirmed today" not in browser.text
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        browser.sign_in("monitor")
        browser.get(address)
        taps = re.findall(
            r"/proceedings/[0-9a-f-]{36}/parties/[0-9a-f-]{36}/still-so", browser.page
        )
        assert len(taps) == 1
        assert browser.post(taps[0], {"seen": "something else"}).status_code == 303
        browser.get(address)
        assert "Look again." in browser.text
        assert browser.post(taps[0], {"seen": hidden(browser, "seen")}).status_code == 303
        browser.get(address)
        assert "Still so, confirmed today" not in browser.text
        assert "last confirmed today" in browser.text


def test_a_summons_stands_on_the_first_page_and_on_the_agenda(app: Flask) -> None:
    case = _case(app, 1)
    browser = Browser(app, "monitor")
    said = {"people": _people(app, case), "kind": "summons", "ordered": "yesterday"}
    assert send(browser, f"{case}/orders/new", **said, due="tomorrow 08:00") == 303
    for page in ("/", "/hearings?view=agenda"):
        browser.get(page)
        assert "A. is to appear: Summons" in browser.text


def _each(count: int) -> int:
    """Return how often the role stands on a page with so many: in the line, and for the button."""
    return 2 * count


def test_a_proceeding_ends_and_goes_on(app: Flask) -> None:
    address = _proceeding(app, 1)
    browser = Browser(app, "monitor")
    ended = {"ended": "18 November 2026", "end_kind": "dismissed"}
    assert send(browser, f"{address}/end", **ended) == 303
    browser.get(address)
    assert "The judge dismissed it" in browser.text
    version = in_unit(app, lambda: courts.proceeding_at(address).version)
    assert browser.post(f"{address}/reopen", {"version": str(version)}).status_code == 303
    browser.get(address)
    assert "It goes on." in browser.text


def test_a_proceeding_is_tied_to_another_case(app: Flask) -> None:
    address, other = _proceeding(app, 1), _case(app, 1)
    browser = Browser(app, "monitor")
    chosen = UUID(other.split("/")[2]).hex
    assert send(browser, f"{address}/cases/new", case="") == 422
    assert send(browser, f"{address}/cases/new", case=chosen) == 303
    browser.get(other)
    assert "Judicial investigation" in browser.text


@pytest.mark.engines("sqlite")
def test_a_person_with_many_charges_costs_as_few_statements_as_one_with_one(app: Flask) -> None:
    one, many = _proceeding(app, 1), _proceeding(app, 1)

    def charge() -> None:
        proceeding = courts.proceeding_at(many)
        for _ in range(MANY - 1):
            courts.charged(proceeding)

    in_unit(app, charge)
    browser = Browser(app, "monitor")
    counts = [statements(lambda at=at: browser.get(at)) for at in (one, many, one, many)]  # type: ignore[misc] # mypy knows no defaults
    assert counts[2] == counts[3] < 40
    assert browser.text.count("How it came to be") == MANY
