"""What the page of one proceeding says: its facts, who stands in it, the charges against each."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from flask_babel import gettext

from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.core.when.say import say_day
from hrdtracker.proceedings.joining import can_take
from hrdtracker.proceedings.model import (
    ChargeOutcome,
    ChargeStep,
    CourtOrder,
    Judgment,
    LegalTitle,
    PartyLawyer,
    Proceeding,
)
from hrdtracker.proceedings.reading.of_case import cases_to_tie
from hrdtracker.proceedings.reading.proceeding import (
    CasePart,
    ChargeLine,
    JudgmentLine,
    PartyLine,
    ProceedingDetails,
    proceeding_details,
)
from hrdtracker.web.proceedings.relatives import RelativeView, more, relatives_of
from hrdtracker.web.shell.context import locale, say_told, today
from hrdtracker.web.shell.sentences import begin, with_what
from hrdtracker.web.words.cases import case_title
from hrdtracker.web.words.confirmed import StillSo, is_old, say_confirmed
from hrdtracker.web.words.court_orders import say_order
from hrdtracker.web.words.courts import (
    KINDS,
    say_about,
    say_law,
    say_party,
    say_penalty,
    say_proceeding,
    say_sentence,
    say_term,
)
from hrdtracker.web.words.defence_requests import DefenceLine, request_line


@dataclass(frozen=True)
class StepView:
    """One step of a charge: when and what; where it was requalified, from what to what."""

    when: str
    what: str
    more: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class ChargeView:
    """A charge in one line, as it stands now, with its history behind it."""

    law: str
    offence_class: str
    alleged: str
    penalty: str
    kind: str
    word: str
    steps: Sequence[StepView]
    confirmed: str


@dataclass(frozen=True)
class TitleView:
    """Why somebody is held or supervised, or what was ordered about them; `url` changes it."""

    what: str
    more: str
    url: str = ""
    in_force: bool = False


@dataclass(frozen=True)
class LawyerView:
    """A lawyer, from and until; `url` says until when, where nobody said it yet."""

    name: str
    more: str
    url: str = ""


@dataclass(frozen=True)
class JudgmentView:
    """A judgment about somebody: what, and what else; `url` says that they were notified."""

    what: str
    more: str
    appeals: Sequence[str]
    url: str = ""


@dataclass(frozen=True)
class PartyView:
    """Somebody in a proceeding, with all that is said of them there."""

    line: PartyLine
    label: str
    about: str
    charges: Sequence[ChargeView]
    titles: Sequence[TitleView]
    orders: Sequence[TitleView]
    lawyers: Sequence[LawyerView]
    judgments: Sequence[JudgmentView]
    requests: Sequence[DefenceLine]
    still_so: StillSo | None
    """Where all of it is confirmed in one act, where some of it was not for a day."""

    @property
    def mark(self) -> str:
        """The letter that stands for them."""
        return self.line.letter


@dataclass(frozen=True)
class PartView:
    """What one case tells of a proceeding."""

    case: Case
    title: str
    accused: Sequence[PartyView]
    others: Sequence[PartyView]


@dataclass(frozen=True)
class ProceedingPage:
    """One proceeding with all of it that its reader may know."""

    proceeding: Proceeding
    title: str
    summary: str
    facts: Sequence[tuple[str, str | None]]
    parts: Sequence[PartView]
    may_record: bool
    has_accused: bool
    has_charges: bool
    may_tie: bool
    has_judgments: bool
    may_join: bool
    may_separate: bool
    may_undo: bool
    """Whether its end may be taken back."""
    relatives: Sequence[RelativeView]


def proceeding_page(actor: Actor, uid: UUID) -> ProceedingPage:
    """Return the page of one proceeding; raises NotFound."""
    details = proceeding_details(actor, uid)
    row = details.proceeding
    goes_on = details.may_record and row.joined_into_id is None
    return ProceedingPage(
        proceeding=row,
        title=say_proceeding(row),
        summary=_summary(row),
        facts=_facts(row),
        parts=[_part(part, may=details.may_record, uid=uid) for part in details.parts],
        may_record=goes_on,
        has_accused=any(line.is_accused for line in details.parties),
        has_charges=any(line.charges for line in details.parties),
        has_judgments=any(line.judgments for line in details.parties),
        may_tie=goes_on and bool(cases_to_tie(actor, row, 1)),
        may_join=goes_on and row.end_kind is None and bool(can_take(actor, row)),
        may_separate=goes_on and sum(line.is_accused for line in details.parties) > 1,
        may_undo=details.may_record and row.end_kind is not None,
        relatives=relatives_of(details),
    )


def _summary(row: Proceeding) -> str:
    if row.end_kind is None:
        return str(gettext("It goes on."))
    ended, how = say_told(row.ended, brief=True), say_term("proceeding_end", row.end_kind)
    said = gettext("Ended %(when)s: %(how)s", when=ended, how=how)
    return more(str(said), row.end_known_by, None)


def _facts(row: Proceeding) -> list[tuple[str, str | None]]:
    return [
        (gettext("Stage"), say_term("proceeding_stage", row.stage)),
        (gettext("Court"), say_term("court", row.court) or None),
        (gettext("Number at the court"), row.court_number),
        (gettext("Prosecutor"), row.prosecutor),
        (gettext("Judges"), row.judges),
        *([(gettext("Note"), row.note)] if row.note else []),
    ]


def _part(part: CasePart, *, may: bool, uid: UUID) -> PartView:
    def views(lines: Sequence[PartyLine]) -> list[PartyView]:
        return [_party(line, may=may, uid=uid) for line in lines]

    return PartView(part.case, case_title(part.case), views(part.accused), views(part.others))


def _party(line: PartyLine, *, may: bool, uid: UUID) -> PartyView:
    return PartyView(
        line=line,
        label=say_party(line),
        about=say_about(line),
        charges=[_charge(each) for each in line.charges],
        titles=[_title(row, may=may) for row in line.titles],
        orders=[_order(row, may=may) for row in line.orders],
        lawyers=[_lawyer(row, may=may, uid=uid) for row in line.lawyers],
        judgments=[_judgment(each, may=may, uid=uid) for each in line.judgments],
        requests=[request_line(row, line.letter, may=may) for row in line.requests],
        still_so=_still_so(line, uid) if may else None,
    )


def _still_so(line: PartyLine, uid: UUID) -> StillSo | None:
    """Return how all that is said of somebody is confirmed; None where all is fresh."""
    if not any(is_old(row) for row in line.to_confirm):
        return None
    return StillSo(url_for("confirming.party", uid=uid, party=line.party.uid), line.seen)


def _charge(line: ChargeLine) -> ChargeView:
    now, last = line.present, line.last
    alleged = say_told(line.charge.alleged, brief=True) if line.charge.alleged else ""
    return ChargeView(
        law=say_law(now),
        offence_class=say_term("offence_class", now.offence_class),
        alleged=begin(alleged),
        penalty=say_penalty(now),
        kind=KINDS[ChargeStep(last.kind)],
        word=say_term("charge_outcome", last.kind),
        steps=_steps(line),
        confirmed=say_confirmed(line.charge),
    )


def _steps(line: ChargeLine) -> list[StepView]:
    """Return the steps of a charge, the last first; a requalification shows both."""
    views, before = [], ""
    for step in line.steps:
        said = _qualified(step)
        is_changed = step.kind == ChargeStep.REQUALIFIED
        views.append(
            StepView(
                when=begin(say_told(step.decided, brief=True)),
                what=with_what(
                    say_term("charge_outcome", step.kind), "" if is_changed else say_law(step)
                ),
                more=more(say_term("deciding_body", step.decided_by), step.known_by, step.note),
                before=before if is_changed else "",
                after=said if is_changed else "",
            )
        )
        before = said or before
    return views[::-1]


def _qualified(step: ChargeOutcome) -> str:
    return ", ".join(part for part in (say_law(step), say_penalty(step)) if part)


def _title(row: LegalTitle, *, may: bool) -> TitleView:
    since = say_told(row.began, brief=True)
    until = say_told(row.ended, brief=True) if row.ended else ""
    time = (
        gettext("%(since)s until %(until)s", since=since, until=until)
        if until
        else gettext("since %(since)s", since=since)
    )
    reports = (
        gettext("reports next %(day)s", day=say_day(row.next_report_on, locale(), today()))
        if row.next_report_on and not until
        else ""
    )
    return TitleView(
        what=say_term("legal_title", row.kind),
        more=more(begin(str(time)), row.known_by, row.note, str(reports), say_confirmed(row)),
        url=url_for("titles.edit", uid=row.uid) if may else "",
        in_force=row.ended is None,
    )


def _order(row: CourtOrder, *, may: bool) -> TitleView:
    return TitleView(
        what=say_term("court_order", row.kind),
        more=more(say_order(row), row.known_by, row.note, say_confirmed(row)),
        url=url_for("titles.edit_order", uid=row.uid) if may else "",
    )


def _lawyer(row: PartyLawyer, *, may: bool, uid: UUID) -> LawyerView:
    since = gettext("since %(since)s", since=say_told(row.began, brief=True)) if row.began else ""
    until = gettext("until %(due)s", due=say_told(row.ended, brief=True)) if row.ended else ""
    ends = url_for("proceedings.end_lawyer", uid=uid, lawyer=row.uid)
    return LawyerView(
        row.name or "",
        begin(" · ".join(filter(None, (str(since), str(until))))),
        ends if may and row.ended is None else "",
    )


def _judgment(line: JudgmentLine, *, may: bool, uid: UUID) -> JudgmentView:
    row = line.judgment
    notified = (
        gettext("notified %(when)s", when=say_told(row.notified, brief=True))
        if row.notified
        else gettext("not notified yet: the time to appeal has not begun")
    )
    presence = say_term("presence_at_judgment", row.presence)
    verdict = " · ".join(filter(None, (say_sentence(row), presence, str(notified))))
    confiscated = gettext("confiscated: %(what)s", what=row.confiscated) if row.confiscated else ""
    url = url_for("judgments.notified", uid=uid, judgment=row.uid)
    return JudgmentView(
        what=_titled(row),
        more=more(verdict, row.known_by, row.note, str(confiscated), say_confirmed(row)),
        appeals=[
            gettext(
                "Appealed by %(who)s, %(when)s",
                who=say_term("appellant", each.appellant),
                when=say_told(each.filed, brief=True),
            )
            for each in line.appeals
        ],
        url=url if may and row.notified is None else "",
    )


def _titled(row: Judgment) -> str:
    when = say_told(Judgment.pronounced.plain(row), brief=True)
    court = say_term("deciding_body", row.pronounced_by)
    return str(gettext("Judgment, %(court)s, %(when)s", court=court, when=when))


def judgments_of(details: ProceedingDetails) -> list[tuple[str, str]]:
    """Return the judgments in a proceeding as choices: about whom, by which court, when."""
    labels = dict(parties_of(details))
    return [
        (each.judgment.uid.hex, with_what(labels[line.party.uid.hex], _titled(each.judgment)))
        for line in details.parties
        for each in line.judgments
    ]


def parties_of(details: ProceedingDetails) -> list[tuple[str, str]]:
    """Return everybody in a proceeding as choices; the case stands there where there are two."""
    is_one = len(details.parts) == 1
    return [
        (
            line.party.uid.hex,
            say_party(line) if is_one else with_what(part.case.code, say_party(line)),
        )
        for part in details.parts
        for line in part.parties
    ]


def accused_of(details: ProceedingDetails) -> list[tuple[str, str]]:
    """Return those against whom a proceeding is, as choices."""
    accused = {line.party.uid.hex for line in details.parties if line.is_accused}
    return [choice for choice in parties_of(details) if choice[0] in accused]


def charges_of(details: ProceedingDetails) -> list[tuple[str, str]]:
    """Return the charges in a proceeding as choices: whose, and as what."""
    labels = dict(parties_of(details))
    return [
        (each.charge.uid.hex, with_what(labels[line.party.uid.hex], _charged(each)))
        for line in details.parties
        for each in line.charges
    ]


def _charged(line: ChargeLine) -> str:
    return f"{say_law(line.present)} ({say_term('charge_outcome', line.last.kind)})"
