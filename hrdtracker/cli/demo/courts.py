"""The demonstration’s invented cases before the courts: who stands in them, charges, custody."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select

from hrdtracker.cli.demo.cases import DemoCase
from hrdtracker.cli.demo.observations import observe
from hrdtracker.cli.demo.timeline import Act, TomlTable
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.core.when.parse import read_when
from hrdtracker.custody import steps
from hrdtracker.custody.drafts import StepsDraft
from hrdtracker.custody.model import CustodyStep
from hrdtracker.custody.people import people_in
from hrdtracker.people.drafts import Victim
from hrdtracker.people.model import Person
from hrdtracker.proceedings import (
    charging,
    hearings,
    joining,
    judging,
    opening,
    parties,
    requests,
    titles,
)
from hrdtracker.proceedings.counting.model import Length
from hrdtracker.proceedings.drafts.charges import ChargeDraft, OutcomeDraft, Qualification
from hrdtracker.proceedings.drafts.hearings import ConclusionDraft, HearingDraft
from hrdtracker.proceedings.drafts.judgments import JudgmentDraft, Sentence
from hrdtracker.proceedings.drafts.proceedings import (
    EndDraft,
    JoiningDraft,
    LawyerDraft,
    OpeningDraft,
    PartiesDraft,
    ProceedingDraft,
    SeparationDraft,
)
from hrdtracker.proceedings.drafts.requests import DefenceRequestDraft, DefenceRequestUpdate
from hrdtracker.proceedings.drafts.titles import OrderDraft, TitleDraft
from hrdtracker.proceedings.model import (
    Charge,
    ChargeStep,
    HearingStatus,
    LegalTitle,
    OrderKind,
    Party,
    PartyRole,
    Presence,
    Proceeding,
    RequestKind,
    RequestStanding,
    TitleKind,
)

FACTS = ("court", "court_number", "prosecutor", "judges", "note")
STEP = timedelta(minutes=1)


class DemoCourt:
    """One proceeding of a case; what is typed into it is typed by the owner of the case."""

    def __init__(self, case: DemoCase, table: TomlTable) -> None:
        self.case, self.table, self.timeline = case, table, case.timeline
        self.at = self.timeline.ago(table["logged"])
        self.opened: Proceeding | None = None

    @property
    def record(self) -> Proceeding:
        """The proceeding, once it is recorded."""
        assert self.opened is not None  # noqa: S101 - acts are played in the order of time
        return self.opened

    def schedule(self) -> None:
        """Schedule every act of the proceeding, one minute after the other."""
        acts: list[Act] = [self._open]
        for name, act in (
            ("parties", self._add_parties),
            ("lawyers", self._add_lawyer),
            ("charges", self._charge),
            ("outcomes", self._decide),
            ("titles", self._hold),
            ("judgments", self._judge),
            ("orders", self._order),
            ("hearings", self._sit),
            ("requests", self._ask),
            ("steps", self._step),
            ("separated", self._separate),
        ):
            acts += [partial(act, table) for table in self.table.get(name, ())]
        if "joined" in self.table:
            acts.append(self._join)
        if "ended" in self.table:
            acts.append(self._end)
        for number, each in enumerate(acts):
            self.timeline.schedule(self.at + number * STEP, each)

    def _people(self, keys: Sequence[str]) -> tuple[UUID, ...]:
        return tuple(self.case.people.uid(self.case.login, key) for key in keys)

    def _when(self, words: str) -> When:
        zone = self.timeline.cast.zone
        return read_when(words, clock.day_of(self.at, zone), zone)

    def _open(self) -> None:
        facts = {name: self.table.get(name) for name in FACTS}
        draft = OpeningDraft(
            ProceedingDraft(self.table["stage"], **facts),
            self._people(self.table["accused"]),
            PartyRole(self.table.get("role", PartyRole.ACCUSED)),
        )
        self.opened = opening.open_proceeding(self.case.owner, self.case.record, draft)

    def _add_parties(self, table: TomlTable) -> None:
        known = tuple(Victim(known=uid) for uid in self._people(table["people"]))
        draft = PartiesDraft(PartyRole(table["role"]), known)
        parties.add_parties(self.case.owner, self.record, self.case.record, draft)

    def _add_lawyer(self, table: TomlTable) -> None:
        draft = LawyerDraft(self._parties(table["of"]), table["name"], self._when(table["began"]))
        parties.add_lawyer(self.case.owner, self.record, draft)

    def _charge(self, table: TomlTable) -> None:
        draft = ChargeDraft(
            self._parties(table["people"]),
            Qualification(table["provision"]),
            self._when(table["charged"]),
            charged_by=table.get("by"),
            alleged=self._when(table["alleged"]) if "alleged" in table else None,
            known_by=table.get("known_by"),
        )
        charging.add_charges(self.case.owner, self.record, draft)

    def _decide(self, table: TomlTable) -> None:
        requalified = table.get("provision")
        draft = OutcomeDraft(
            self._charges(table["people"]),
            ChargeStep(table["kind"]),
            self._when(table["decided"]),
            decided_by=table.get("by"),
            qualification=Qualification(requalified) if requalified else None,
            known_by=table.get("known_by"),
        )
        charging.record_outcome(self.case.owner, self.record, draft)

    def _judge(self, table: TomlTable) -> None:
        prison = Length(table["months"]) if "months" in table else None
        draft = JudgmentDraft(
            self._parties(table["people"]),
            self._when(table["pronounced"]),
            table["by"],
            presence=Presence(table["presence"]),
            sentence=Sentence(prison=prison),
            known_by=table.get("known_by"),
        )
        judging.add_judgments(self.case.owner, self.record, draft)

    def _hold(self, table: TomlTable) -> None:
        days = table.get("reports")
        draft = TitleDraft(
            self._people(table["people"]),
            TitleKind(table["kind"]),
            self._when(table["began"]),
            ended=self._when(table["ended"]) if "ended" in table else None,
            proceeding=self.record.uid,
            ordered=self._when(table["ordered"]) if "ordered" in table else None,
            next_report_on=None if days is None else self.timeline.present_day(days),
            known_by=table.get("known_by"),
        )
        titles.add_titles(self.case.owner, self.case.record, draft)

    def _order(self, table: TomlTable) -> None:
        extends = self._title(table["extends"]) if "extends" in table else None
        draft = OrderDraft(
            self._people(table["people"]),
            OrderKind(table["kind"]),
            self._when(table["ordered"]),
            ordered_by=table.get("by"),
            in_writing=table.get("in_writing"),
            proceeding=self.record.uid,
            title=extends,
            known_by=table.get("known_by"),
        )
        titles.add_orders(self.case.owner, self.case.record, draft)

    def _sit(self, table: TomlTable) -> None:
        """Record a hearing, who goes there, and what became of it."""
        zone = self.timeline.cast.zone
        day = clock.day_of(self.timeline.present, zone)
        begins = datetime.combine(day, time.fromisoformat(table["at"]), zone)
        going = tuple(self.timeline.actor(login).uid for login in table.get("monitors", ()))
        draft = HearingDraft(
            When.minute(begins + timedelta(days=table["in"]), zone),
            table["kind"],
            table.get("court", self.table["court"]),
            table.get("room"),
            known_by=table.get("known_by"),
            monitors=going,
        )
        row = hearings.add_hearing(self.case.owner, self.record, draft)
        if "became" in table:
            became = table["became"]
            said = ConclusionDraft(
                HearingStatus(became["status"]),
                became.get("asked_by"),
                became.get("defence_agreed"),
                became.get("reason"),
                task="Ask the clerk of the court when the hearing goes on",
            )
            hearings.conclude(self.case.owner, row, said, row.version)
        for seen in table.get("observed", ()):
            observe(self.timeline.actor(seen["by"]), row, seen)

    def _end(self) -> None:
        ended = self.table["ended"]
        draft = EndDraft(self._when(ended["when"]), ended["kind"])
        opening.end_proceeding(self.case.owner, self.record, draft, self.record.version)

    def _step(self, table: TomlTable) -> None:
        """Say what was done for people who are held."""
        wanted = set(self._people(table["people"]))
        stays = tuple(
            row.uid
            for row in people_in(self.case.record.scope_id)
            if row.person is not None and row.person.uid in wanted
        )
        done = {kind: self._when(table[kind]) for kind in CustodyStep if kind in table}
        draft = StepsDraft(stays, done, table.get("known_by"))
        steps.record_steps(self.case.owner, self.case.record, draft)

    def _ask(self, table: TomlTable) -> None:
        """File a request, and say what became of it where that is known."""
        draft = DefenceRequestDraft(
            self._parties(table["people"])[:1],
            RequestKind(table["kind"]),
            self._when(table["filed"]),
            table.get("by"),
            known_by=table.get("known_by"),
        )
        row = requests.file_requests(self.case.owner, self.record, draft)
        if "became" in table:
            became = table["became"]
            received, decided = became.get("received"), became.get("decided")
            said = DefenceRequestUpdate(
                RequestStanding(became.get("standing", RequestStanding.UNDECIDED)),
                became.get("opinion"),
                self._when(received) if received else None,
                self._when(decided) if decided else None,
                became.get("by"),
                known_by=table.get("known_by"),
            )
            requests.update_request(self.case.owner, row, said, row.version)

    def _join(self) -> None:
        """Join it with the proceeding of the case that was recorded first."""
        first = joining.can_take(self.case.owner, self.record)[-1]
        joined = self.table["joined"]
        draft = JoiningDraft(first.uid, self._when(joined["when"]), joined.get("known_by"))
        joining.join(self.case.owner, self.record, draft, self.record.version)

    def _separate(self, table: TomlTable) -> None:
        facts = ProceedingDraft(table["stage"], court=self.table.get("court"))
        draft = SeparationDraft(
            self._parties(table["people"]), self._when(table["when"]), facts, table.get("known_by")
        )
        joining.separate(self.case.owner, self.record, draft)

    def _parties(self, keys: Sequence[str]) -> tuple[UUID, ...]:
        """Return the parties who these people of the file are."""
        query = (
            select(Party.uid)
            .join(Person, Person.id == Party.person_id)
            .where(Party.proceeding_id == self.record.id, Person.uid.in_(self._people(keys)))
        )
        return tuple(session().scalars(query.order_by(Party.id)))

    def _charges(self, keys: Sequence[str]) -> tuple[UUID, ...]:
        """Return the charges against these people of the file."""
        query = (
            select(Charge.uid)
            .join(Party, Party.id == Charge.party_id)
            .where(Party.uid.in_(self._parties(keys)))
        )
        return tuple(session().scalars(query.order_by(Charge.id)))

    def _title(self, kind: str) -> UUID:
        """Return the first ground of this kind in the proceeding."""
        query = select(LegalTitle.uid).where(
            LegalTitle.proceeding_id == self.record.id, LegalTitle.kind == kind
        )
        return session().scalars(query.order_by(LegalTitle.id).limit(1)).one()
