"""What a channel hands over is written: no field of a draft is forgotten by the act it is for."""

import importlib
import inspect
import pkgutil
from dataclasses import fields, is_dataclass

import pytest

import hrdtracker
from tests.written import Act
from tests.written_acts import ACTS
from tests.written_at_once import AT_ONCE_ACTS
from tests.written_courts import COURT_ACTS
from tests.written_defence import DEFENCE_ACTS
from tests.written_fund import FUND_ACTS
from tests.written_law import LAW_ACTS

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
EVERY_ACT = [*ACTS, *FUND_ACTS, *COURT_ACTS, *AT_ONCE_ACTS, *DEFENCE_ACTS, *LAW_ACTS]
FOR_MANY = "makes it a plan, or a draw from one: see test_fund_plans"
A_NAME_OF_ITS_OWN = "a new one is drawn for each act, for no two may have the same"
NOT_CHANGED_ALONE: dict[tuple[str, str], str] = {
    ("RightDraft", "answer"): "says of which answer: see test_observations",
    ("RightDraft", "version"): "of the answer that was seen: see test_rights_in_question",
    ("AnswerDraft", "version"): "of the answers that were seen: see test_observations",
    **dict.fromkeys(
        (("Answered", "answer"), ("Answered", "party"), ("Noted", "note"), ("Noted", "case")),
        "within a draft of answers: see test_observations",
    ),
    (
        "ReversalDraft",
        "kind",
    ): "changes only with the day on which it is back: see test_fund_reversals",
    ("ReleaseDraft", "again"): "the amount once more, where it is more than was prepared",
    ("RequestDraft", "households"): FOR_MANY,
    ("RequestDraft", "plan_until"): FOR_MANY,
    ("RequestDraft", "plan"): FOR_MANY,
    ("GrantDraft", "pooling_agreed_on"): "comes with where it is written: see test_fund_reports",
    ("GrantDraft", "pooling_agreement"): "comes with its day: see test_fund_reports_pages",
    ("GrantEndDraft", "fates"): "decides on promises: see test_fund_ended",
    ("GrantEndDraft", "line"): "is where promises go: see test_fund_ended",
    ("OrganisationDraft", "name"): "an instance is set up once: see test_setup",
    ("OrganisationDraft", "language"): "an instance is set up once: see test_setup",
    ("OrganisationDraft", "office"): "an instance is set up once: see test_setup",
    ("SecondDraft", "user"): "an instance is set up once: see test_setup",
    ("SecondDraft", "role"): "an instance is set up once: see test_setup",
    ("OfficeDraft", "code"): "stays as it was: the codes of cases begin with it",
    ("UserDraft", "login"): A_NAME_OF_ITS_OWN,
    ("Assessment", "final"): "says whether it must be whole: see test_reviewing",
    ("TermDraft", "label_en"): A_NAME_OF_ITS_OWN,
    ("TermDraft", "label_km"): A_NAME_OF_ITS_OWN,
    ("DonorDraft", "code"): A_NAME_OF_ITS_OWN,
    ("GrantDraft", "code"): A_NAME_OF_ITS_OWN,
    ("DelegationDraft", "capacity"): "nobody of the cast decides in two: see test_fund_deciding",
    ("AcquittalDraft", "spent"): "changes only with what came back: see test_fund_paying",
    ("AcquittalDraft", "returned"): "changes only with what was spent: see test_fund_paying",
    ("AcquittalDraft", "alternative"): "stands in place of the document: see test_fund_paying",
    ("ManyDraft", "kind"): "only an end says how it ended: see test_many_at_once",
    ("ManyDraft", "counts"): "only of a group: see test_many_at_once",
    ("ManyDraft", "order_unclear"): "only where an end comes after it: see test_two_sources",
    ("ManyDraft", "court"): "a court does something else: see the acts of courts",
    **dict.fromkeys(
        (
            *(("WholeProceeding", name) for name in ("facts", "accused", "role", "charges")),
            *(("WholeProceeding", name) for name in ("hearings", "titles")),
            ("WholeCharge", "charge"),
            ("WholeCharge", "outcome"),
            ("WholeHearing", "hearing"),
            ("WholeHearing", "status"),
        ),
        "is read from a file: see intake/test_courts",
    ),
    ("JoiningDraft", "into"): "names a record: see test_proceedings_joined",
    ("ReportDraft", "since"): "a report is read, not written",
    ("ReportDraft", "until"): "a report is read, not written",
    ("ReportDraft", "grant"): "a report is read, not written",
}
"""Fields that no act here changes alone, with the reason."""
SENDING = "sending"
"""Which sending of a form a draft is: its receipt tells two clicks from two drafts."""


def drafts() -> dict[str, type]:
    """Return every frozen dataclass of a module or folder of drafts.

    What one draft takes over from another is written by the act of the one that takes it.
    """
    modules = pkgutil.walk_packages(hrdtracker.__path__, "hrdtracker.")
    names = [each.name for each in modules if "drafts" in each.name.split(".")]
    return {
        name: kind
        for here in names
        for name, kind in inspect.getmembers(importlib.import_module(here), inspect.isclass)
        if kind.__module__ == here and is_dataclass(kind) and not kind.__subclasses__()
    }


@pytest.mark.parametrize("act", EVERY_ACT, ids=lambda act: act.name)
def test_each_field_of_a_draft_changes_what_is_stored(act: Act) -> None:
    _, same = act.forgotten()
    assert same, "no field was changed"
    assert [field for field, is_same in same.items() if is_same] == []


def test_every_field_of_every_draft_is_changed_alone_or_says_why_not() -> None:
    changed = set()
    for act in EVERY_ACT:
        record = act.prepare()
        kind = type(act.draft(record)).__name__
        changed |= {(kind, field) for field in act.others(record)}
    declared = {
        (name, field.name)
        for name, kind in drafts().items()
        for field in fields(kind)
        if field.name != SENDING
    }
    assert len(declared) > 150
    assert declared - changed - NOT_CHANGED_ALONE.keys() == set()
    assert NOT_CHANGED_ALONE.keys() & changed == set()
    assert NOT_CHANGED_ALONE.keys() - declared == set()
