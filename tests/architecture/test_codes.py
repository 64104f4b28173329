"""A code that the program branches on stands in the list from which people choose it."""

import ast
import re
from enum import StrEnum
from pathlib import Path

import pytest

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Channel
from hrdtracker.access.model import FactorsFor, Role, Sensitivity, UserState
from hrdtracker.access.permissions.power import Audience, Effect
from hrdtracker.accounts.model import ProposalStatus
from hrdtracker.accounts.passkeys import Purpose
from hrdtracker.audit.model import Outcome
from hrdtracker.backups.model import BackupFault, OlderReason
from hrdtracker.cases.completeness import RecordKind
from hrdtracker.cases.model import CaseStatus
from hrdtracker.codelists.files import LISTS, codes, read_list
from hrdtracker.core.declarations import coded_columns
from hrdtracker.core.field import Grade
from hrdtracker.core.when.model import Precision
from hrdtracker.custody.model import CustodyEvent, CustodyStep, StayStanding
from hrdtracker.fund.drafts.money import PromiseFate
from hrdtracker.fund.model import (
    Booking,
    Capacity,
    DisclosureKind,
    GrantState,
    LedgerAccount,
    PaymentMethod,
    PaymentStatus,
    RateKind,
    ReportingMethod,
    RequestRole,
    RequestStatus,
    Restriction,
    ReversalKind,
    RiskLevel,
    Verdict,
)
from hrdtracker.gateways.mail import Encryption
from hrdtracker.incidents.imports import ImportState
from hrdtracker.incidents.model import (
    Established,
    Finding,
    IncidentStatus,
    PlaceKind,
    ReviewKind,
    Urgency,
)
from hrdtracker.insight.courts.detained import DetentionState
from hrdtracker.insight.model import Measure
from hrdtracker.intake.day_order import DayOrder
from hrdtracker.intake.report import RowOutcome
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.outbox.kinds import JobKind
from hrdtracker.outbox.model import JobState
from hrdtracker.people.ages import WhyMasked
from hrdtracker.people.drafts import NameDraft
from hrdtracker.people.lines import Sex
from hrdtracker.people.model import ConsentAnswer, ConsentGiver, ConsentPurpose, CountingUnit
from hrdtracker.people.writing import Script
from hrdtracker.proceedings.checklists.questions import AnswerKind, QuestionPart
from hrdtracker.proceedings.clocks.model import ClockStanding
from hrdtracker.proceedings.counting.model import Counting, HolidayRule, StepKind
from hrdtracker.proceedings.limits.model import (
    EndKind,
    LimitState,
    OpenQuestion,
    RefusalReason,
)
from hrdtracker.proceedings.model import (
    Appellant,
    ChargeStep,
    CourtLevel,
    HearingStatus,
    OrderKind,
    PartyRole,
    Presence,
    RequestKind,
    RequestStanding,
    TitleKind,
)
from hrdtracker.proceedings.rules.model import (
    AgeAt,
    Comparison,
    Confidence,
    LengthUnit,
    MeasureName,
    RuleKind,
    RuleStage,
)
from hrdtracker.tables import TABLES
from hrdtracker.web.numbers.choosing import Figure
from hrdtracker.web.shell.words import WORDS
from hrdtracker.web.words.limits import Sureness
from tests.architecture.source import last_name, modules

ROOT = Path(__file__).parents[2]
IN_A_PAGE = re.compile(r"\b\w+\.(\w+) \| term\(\"(\w+)\"\)")
IN_THE_PROGRAM = re.compile(r"terms\(\)\.label\(\s*\"(\w+)\",\s*[\w.]+\.(\w+),")
IN_LIST: dict[type[StrEnum], tuple[str, frozenset[str]]] = {
    Urgency: ("urgency", frozenset()),
    Established: ("establishment", frozenset()),
    Finding: ("finding", frozenset()),
    CountingUnit: ("group_kind", frozenset({"person"})),
    PaymentMethod: ("payment_method", frozenset()),
    RiskLevel: ("risk_level", frozenset()),
    PartyRole: ("party_role", frozenset()),
    ChargeStep: ("charge_outcome", frozenset()),
    TitleKind: ("legal_title", frozenset()),
    OrderKind: ("court_order", frozenset()),
    HearingStatus: ("hearing_status", frozenset()),
    Presence: ("presence_at_judgment", frozenset()),
    RequestKind: ("request_kind", frozenset()),
    CustodyStep: ("stay_step", frozenset()),
    RequestStanding: ("request_standing", frozenset()),
    Appellant: ("appellant", frozenset()),
}
"""Enums whose members are the terms of a list; and the members that need none."""
OURS: dict[type[StrEnum], str] = {
    Action: "verbs",
    Effect: "what acts do to power; the table of what takes two branches on it",
    Audience: "whom the table of what takes two names",
    ProposalStatus: "a workflow",
    Channel: "how an act came in",
    Role: "roles are rules, not terms",
    UserState: "a workflow",
    FactorsFor: "a rule hangs on each",
    Sensitivity: "a rule hangs on each",
    WhyMasked: "a pure function answers with it",
    Outcome: "how an act ended",
    CaseStatus: "a workflow",
    IncidentStatus: "a workflow",
    RequestStatus: "a workflow",
    PaymentStatus: "a workflow",
    GrantState: "a workflow",
    ReportingMethod: "a rule hangs on each",
    RateKind: "what a rate is for: a rule hangs on each",
    RequestRole: "which fields a request has",
    Capacity: "a rule hangs on each",
    Verdict: "what a decision says",
    DisclosureKind: "a rule hangs on each",
    PromiseFate: "what becomes of a promise, in sentences of its own",
    Restriction: "what a grant can be limited to",
    LedgerAccount: "the books hang on each",
    Booking: "the books hang on each",
    ReversalKind: "what becomes of a payment hangs on each",
    Purpose: "what a challenge is for",
    Grade: "how secret a column is",
    Precision: "how far a date is known",
    DayOrder: "how a column of a sheet writes its dates",
    CustodyEvent: "what can happen to many at once, in sentences of its own",
    StayStanding: "whether a stay counts",
    QuestionPart: "what a question of a checklist is asked about: its columns hang on it",
    AnswerKind: "how a question is answered: its choices hang on it",
    ConsentPurpose: "what the program asks people about: a rule hangs on each",
    ConsentAnswer: "a rule hangs on each",
    ConsentGiver: "whose word outweighs whose hangs on each",
    ClockStanding: "whether a clock runs, in sentences of its own",
    DetentionState: "what is known of a length, in sentences of its own",
    Figure: "a number that can be opened, in words of its own",
    Sureness: "how a date is marked, in sentences of its own",
    PlaceKind: "which fields a place has",
    ReviewKind: "how an incident was looked at",
    ImportState: "how far an import is, or its undoing",
    NoticeKind: "what somebody is told of, in sentences of its own",
    Measure: "what is counted of reading, in sentences of its own",
    JobKind: "what is done in the background, in words of its own",
    JobState: "how far a job is",
    Encryption: "how the way to a server is locked",
    OlderReason: "why a database is older than it was, in sentences of its own",
    BackupFault: "why there is no backup, in sentences of its own",
    RecordKind: "what is missing from a case",
    RowOutcome: "what an import says of a row, in sentences of its own",
    Script: "what letters a name is written in",
    Sex: "as stated; its words stand in people/data",
    Counting: "how a period is counted, a function each",
    HolidayRule: "what days off do to an end, a function each",
    StepKind: "what happened in a step of a count",
    RuleKind: "what a rule of law does to a clock",
    RuleStage: "under which heading a rule of law is read",
    Confidence: "how sure a rule of law is, weighed against others",
    LengthUnit: "what a rule of law counts in",
    AgeAt: "which age a rule of law looks at",
    MeasureName: "what a condition of a rule of law measures",
    Comparison: "how a condition of a rule of law compares",
    EndKind: "what one reading of a clock comes to",
    LimitState: "where a clock stands",
    OpenQuestion: "what a clock asks for",
    CourtLevel: "what may follow a judgment hangs on each; the list names other bodies, too",
    RefusalReason: "why an extension does not count",
}
"""Enums that nobody chooses from a list, with the reason."""
SHOWN = (
    Role, UserState, Sensitivity, Outcome, Channel, CaseStatus, IncidentStatus, PlaceKind,
    RequestStatus, PaymentStatus, GrantState, RequestRole, Capacity, Verdict, Restriction,
    LedgerAccount, Booking, ReversalKind, ReviewKind, ImportState, RateKind, ReportingMethod,
)  # fmt: skip


@pytest.mark.parametrize("kind", IN_LIST)
def test_the_members_of_an_enum_are_the_terms_of_its_list(kind: type[StrEnum]) -> None:
    name, without = IN_LIST[kind]
    assert {str(each) for each in kind} - without == codes(read_list(name))


def test_every_enum_says_whether_it_is_a_list() -> None:
    classes = [
        node
        for module in modules("hrdtracker")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    ]
    declared = {each.name for each in classes if "StrEnum" in map(last_name, each.bases)}
    assert declared == {kind.__name__ for kind in (*IN_LIST, *OURS)}


def test_the_kind_that_a_name_has_unless_said_is_in_its_list() -> None:
    assert NameDraft("Somebody").kind in codes(read_list("name_kind"))


def test_a_page_says_the_code_of_a_column_in_the_words_of_the_list_that_it_declares() -> None:
    declared: dict[str, set[str]] = {}
    for table in TABLES:
        for column, codelist in coded_columns(table.name).items():
            declared.setdefault(column, set()).add(codelist)
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")]
    program = [path.read_text(encoding="utf-8") for path in (ROOT / "hrdtracker").rglob("*.py")]
    said = {pair for page in pages for pair in IN_A_PAGE.findall(page)}
    said |= {(column, name) for text in program for name, column in IN_THE_PROGRAM.findall(text)}
    assert len(said) > 15
    wrong = {pair for pair in said if pair[1] not in declared.get(pair[0], ())}
    assert wrong == {("kind", "incident_type")}, "only the type of a block of violations is a kind"


@pytest.mark.parametrize("kind", SHOWN)
def test_every_status_grade_role_and_state_has_words(kind: type[StrEnum]) -> None:
    assert {str(each) for each in kind} - WORDS.keys() == set()


def test_every_term_of_every_list_has_both_languages() -> None:
    terms = [term for name in LISTS for term in read_list(name)]
    assert len(terms) > 2000
    assert [term.code for term in terms if not (term.label_en and term.label_km)] == []
