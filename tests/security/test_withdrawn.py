"""A case whose import was undone is as if it had never been: for every address and every list."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from hrdtracker.access.actor import Channel
from hrdtracker.cases.drafts import FollowUpDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring
from hrdtracker.incidents import imports
from hrdtracker.incidents.batch import log_together
from hrdtracker.incidents.drafts import SourceDraft
from hrdtracker.incidents.model import ImportBatch
from hrdtracker.incidents.whole import Origin, WholeIncident
from hrdtracker.people.drafts import ContactDraft, NameDraft, PersonDraft, Victim
from hrdtracker.tables import MODELS
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
CANARY = "Canary Withdrawn"
LISTS = ["/", "/cases", "/incidents", "/people", "/review", "/review/imported", "/outlines"]
LOGINS = ["monitor", "director", "national", "fund"]


def bring_and_undo() -> tuple[list[str], str]:
    """Import a case with all that may hang on it, and undo it; return all uids, and its code."""
    before = _uids()
    monitor = make.actor("monitor", Channel.IMPORT)
    number = imports.begin_import(monitor, "list")
    victim = Victim(described=PersonDraft((NameDraft(CANARY),)))
    whole = WholeIncident(
        make.draft(victims=(victim,), narrative=CANARY, areas=frozenset({"judiciary"})),
        Origin("list", uuid4().hex, uuid4().hex),
        sources=(SourceDraft("witness"),),
        later=(FollowUpDraft("call", clock.now(), timed=False, note=CANARY),),
        contacts=((0, ContactDraft("phone", CANARY)),),
    )
    log_together(monitor, [whole], None, number)
    imports.finish_import(monitor, number)
    brought = sorted(_uids() - before)
    code = session().scalars(select(Case.code)).one()
    assert [progress.withdrawn for progress in imports.undo(monitor, number)] == [0, 1]
    ring().forget_rows()
    return brought, code


def _uids() -> set[str]:
    """Return the uid of every record but of imports: who may undo one still reads that it was."""
    return {
        str(uid)
        for model in MODELS
        if hasattr(model, "uid") and model is not ImportBatch
        for uid in session().scalars(select(model.uid))
    }


def _rules(app: Flask) -> Iterator[Rule]:
    """Yield the pages that name records by their uids and nothing else."""
    for rule in app.url_map.iter_rules():
        kinds = {type(converter).__name__ for converter in rule._converters.values()}
        if kinds == {"UUIDConverter"} and "GET" in (rule.methods or ()):
            yield rule


def _address(rule: Rule, uid: str) -> str:
    path = str(rule.rule)
    for name in rule.arguments:
        path = path.replace(f"<uuid:{name}>", uid)
    return path


def test_no_address_tells_a_withdrawn_record_from_one_that_never_was(app: Flask) -> None:
    uids, _ = in_unit(app, bring_and_undo)
    assert len(uids) >= 8
    browser, tried = Browser(app, "national"), 0
    for rule in _rules(app):
        status, text = browser.get(_address(rule, str(uuid4()))).status_code, browser.text
        for uid in uids if status == 404 else ():
            assert (browser.get(_address(rule, uid)).status_code, browser.text) == (404, text), rule
            tried += 1
    assert tried > 100


@pytest.mark.parametrize("login", LOGINS)
def test_no_list_says_a_word_of_a_withdrawn_case(app: Flask, login: str) -> None:
    _, code = in_unit(app, bring_and_undo)
    browser = Browser(app, login)
    for path in LISTS:
        if browser.get(path).status_code == 200:
            assert code not in browser.page, path
            assert CANARY not in browser.page, path
    if login != "fund":
        browser.post("/people/suggest", {"who": CANARY})
        assert "Possible" not in browser.text
