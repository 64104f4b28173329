"""No draft takes signs that no keyboard writes; the reason stands beside the field they are in."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from hrdtracker.access.model import FactorsFor
from hrdtracker.accounts import drafts as of_accounts
from hrdtracker.accounts.drafts import OfficeDraft, OrganisationDraft, SettingsDraft, UserDraft
from hrdtracker.cases import drafts as of_cases
from hrdtracker.cases.drafts import (
    BlockDraft,
    CaseDraft,
    ClosingDraft,
    FollowUpDraft,
    MemberDraft,
    TaskDraft,
)
from hrdtracker.codelists import drafts as of_codelists
from hrdtracker.codelists.drafts import TermDraft
from hrdtracker.core import clock
from hrdtracker.core.errors import Refused
from hrdtracker.core.text import UNKEEPABLE
from hrdtracker.core.when.model import When
from hrdtracker.custody import drafts as of_custody
from hrdtracker.custody.drafts import BailDraft, CustodyDraft
from hrdtracker.custody.model import CustodyEvent
from hrdtracker.incidents import drafts as of_incidents
from hrdtracker.incidents.drafts import (
    Custody,
    InvolvementDraft,
    Location,
    SourceDraft,
    VictimUpdate,
)
from hrdtracker.people import drafts as of_people
from hrdtracker.people.drafts import ContactDraft, NameDraft, PersonDraft
from tests import make

Make = Callable[[str], object]
SOMEBODY, LATER = UUID(int=1), clock.now() + timedelta(days=1)
OFFICE = OfficeDraft("PNH", "Phnom Penh", "ភ្នំពេញ")
SETTINGS: dict[str, Any] = {
    "name": "N",
    "product": "Daybook",
    "language": "en",
    "zone": "Asia/Phnom_Penh",
    "factors_for": FactorsFor.DECIDERS,
    "factors_by": clock.now(),
    "due_mail_hours": 12,
}


def when(text: str) -> When:
    """Return a date that was told in these words."""
    return When.day(make.DAY, make.ZONE, text)


def contact(field: str, text: str) -> ContactDraft:
    """Return a contact of which one field holds a text."""
    values: dict[str, Any] = {field: text}
    return ContactDraft("phone", **values)


def many(**said: Any) -> CustodyDraft:
    """Return what happened to many, with a text in one of its fields."""
    values = {"happened": when("today"), **said}
    return CustodyDraft(CustodyEvent.MOVED, stays=(SOMEBODY,), **values)


TEXTS: dict[tuple[str, str], tuple[str, Make]] = {
    # (draft, its field): (the field of the form, how it comes to hold a text)
    ("Location", "words"): ("place", lambda text: Location(words=text)),
    ("Location", "village"): ("village", lambda text: Location(village=text)),
    ("Location", "account"): ("account", lambda text: Location(account=text)),
    ("Location", "link"): ("link", lambda text: Location(link=text)),
    ("Custody", "place_held"): ("held", lambda text: Custody(place_held=text)),
    ("Custody", "arrived"): ("arrived", lambda text: Custody(arrived=when(text))),
    ("IncidentDraft", "narrative"): ("narrative", lambda text: make.draft(narrative=text)),
    ("IncidentDraft", "tie"): ("tie", lambda text: make.draft(tie=text)),
    ("IncidentDraft", "occurred"): ("when", lambda text: make.draft(occurred=when(text))),
    ("VictimUpdate", "place_held"): (
        "held",
        lambda text: VictimUpdate((SOMEBODY,), place_held=text),
    ),
    ("VictimUpdate", "arrived"): (
        "arrived",
        lambda text: VictimUpdate((SOMEBODY,), arrived=when(text)),
    ),
    ("CustodyDraft", "place_held"): ("held", lambda text: many(place_held=text)),
    ("CustodyDraft", "happened"): ("when", lambda text: many(happened=when(text))),
    ("BailDraft", "conditions"): ("conditions", lambda text: BailDraft(conditions=text)),
    ("SourceDraft", "identity"): ("identity", lambda text: SourceDraft("witness", identity=text)),
    ("SourceDraft", "remarks"): ("remarks", lambda text: SourceDraft("witness", remarks=text)),
    ("InvolvementDraft", "words"): ("words", lambda text: InvolvementDraft("police", words=text)),
    ("NameDraft", "name"): ("names", lambda text: PersonDraft((NameDraft(text),))),
    ("PersonDraft", "remarks"): ("remarks", lambda text: PersonDraft(remarks=text)),
    **{
        ("ContactDraft", name): (name, partial(contact, name))
        for name in ("value", "hours", "name_to_use", "code_word", "who_may_answer", "never")
    },
    ("CaseDraft", "title"): ("title", lambda text: CaseDraft(title=text)),
    ("ClosingDraft", "reason"): (
        "reason",
        lambda text: ClosingDraft("resolved", text, frozenset({"judiciary"})),
    ),
    ("MemberDraft", "reason"): ("reason", lambda text: MemberDraft(SOMEBODY, text, LATER)),
    ("BlockDraft", "reason"): ("reason", lambda text: BlockDraft(SOMEBODY, text)),
    ("TaskDraft", "what"): ("what", TaskDraft),
    ("FollowUpDraft", "note"): (
        "note",
        lambda text: FollowUpDraft("call", LATER, timed=True, note=text),
    ),
    ("UserDraft", "label"): ("label", lambda text: UserDraft("somebody", text)),
    ("OfficeDraft", "name_en"): ("name_en", lambda text: OfficeDraft("PNH", text, "ភ្នំពេញ")),
    ("OfficeDraft", "name_km"): ("name_km", lambda text: OfficeDraft("PNH", "Phnom Penh", text)),
    ("OrganisationDraft", "name"): ("name", lambda text: OrganisationDraft(text, "en", OFFICE)),
    ("SettingsDraft", "name"): ("name", lambda text: SettingsDraft(**{**SETTINGS, "name": text})),
    ("SettingsDraft", "product"): (
        "product",
        lambda text: SettingsDraft(**{**SETTINGS, "product": text}),
    ),
    ("TermDraft", "label_en"): ("label_en", lambda text: TermDraft(text, "ពាក្យ")),
    ("TermDraft", "label_km"): ("label_km", lambda text: TermDraft("Word", text)),
}
CODES = {
    # What a list or a pattern must know, and so holds no other sign.
    "areas", "categories", "certainty", "code", "commune", "connection", "country", "degree",
    "end_kind", "known_by", "prison",
    "district", "interpreter_language", "kind", "language", "lawyer_contacted", "login",
    "material", "outcome", "paid_by", "parent", "perpetrator_type", "platform",
    "province", "reliability", "right", "status_at_end", "type", "zone",
}  # fmt: skip
BROKEN = {"nul": "\0", "bell": "\a", "half a character": "\ud800", "delete": "\x7f", "C1": "\x85"}
ROWS = [pytest.param(*row, id=".".join(place)) for place, row in TEXTS.items()]


@pytest.mark.parametrize("sign", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize(("field", "made"), ROWS)
def test_a_text_that_cannot_be_kept_is_refused_beside_its_field(
    field: str, made: Make, sign: str
) -> None:
    with pytest.raises(Refused) as refused:
        made(f"before {sign} after")
    assert {name: reason.text for name, reason in refused.value.reasons.items()} == {
        field: UNKEEPABLE
    }


@pytest.mark.parametrize(
    "text", ["សួស្តី\u200bពិភពលោក", "café – ‘a’ 👩‍⚖️", "\u202bright to left\u202c", "=1+1", "  "]
)
@pytest.mark.parametrize("field", ["narrative", "tie"])
def test_whatever_a_keyboard_writes_is_kept(field: str, text: str) -> None:
    assert getattr(make.draft(**{field: text}), field) == text


@pytest.mark.parametrize("text", ["one\nline\r\nmore", "\ttold"])
def test_lines_and_tabs_are_kept_where_there_is_room_for_them(text: str) -> None:
    assert make.draft(narrative=text).narrative == text
    with pytest.raises(Refused):
        UserDraft("somebody", text)


def test_every_text_of_every_draft_stands_in_the_table() -> None:
    modules = (of_accounts, of_cases, of_codelists, of_custody, of_incidents, of_people)
    kinds = [
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__
    ]
    texts = {
        (kind.__name__, each.name)
        for kind in kinds
        for each in fields(kind)
        if _holds_words(each.type) and each.name not in CODES
    }
    assert len(kinds) > 20
    assert texts == TEXTS.keys()


def _holds_words(kind: Any) -> bool:
    return kind in {str, str | None, When, When | None, frozenset[str]}
