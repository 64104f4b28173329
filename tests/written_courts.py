"""How each draft about a case before the courts is written, and another value for each field."""

from datetime import date
from typing import Any

from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.money import Money
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.proceedings import (
    charging,
    hearings,
    judging,
    observing,
    opening,
    parties,
    titles,
)
from hrdtracker.proceedings.counting.model import Length
from hrdtracker.proceedings.drafts.charges import ChargeDraft, OutcomeDraft, Qualification
from hrdtracker.proceedings.drafts.hearings import ConclusionDraft, HearingDraft
from hrdtracker.proceedings.drafts.judgments import (
    AppealDraft,
    JudgmentDraft,
    NotificationDraft,
    Sentence,
)
from hrdtracker.proceedings.drafts.observations import AnswerDraft, Answered, RightDraft
from hrdtracker.proceedings.drafts.proceedings import (
    EndDraft,
    LawyerDraft,
    OpeningDraft,
    PartiesDraft,
    ProceedingDraft,
)
from hrdtracker.proceedings.drafts.titles import OrderDraft, TitleDraft, TitleUpdate
from hrdtracker.proceedings.model import (
    Appellant,
    Charge,
    ChargeStep,
    Hearing,
    HearingStatus,
    Judgment,
    LegalTitle,
    OrderKind,
    Party,
    PartyRole,
    Presence,
    Proceeding,
    TitleKind,
    TrialObservation,
)
from tests import courts, make, observations
from tests.written import Act

FURTHER = PersonDraft((NameDraft("Demo further"),))
SUPERVISED = TitleKind.JUDICIAL_SUPERVISION
LAND = Qualification("kh_land_253")
SENTENCE = Sentence(
    prison=Length(12),
    suspended=Length(6),
    fine=Money(200, "KHR"),
    damages=Money(200, "KHR"),
    confiscated="A telephone",
)
REPORTS = date(2026, 12, 7)


def _two() -> Case:
    return courts.case_with(2)


def _proceeding() -> Proceeding:
    return courts.opened(_two())


def _charge() -> Charge:
    return courts.charged(_proceeding())


def _of(charge: Charge) -> Proceeding:
    return courts.proceeding_of(charge)


def _judgment() -> Judgment:
    row = _proceeding()
    draft = JudgmentDraft(courts.parties(row), courts.on(18), "first_instance")
    return judging.add_judgments(_monitor(), row, draft)


def _judged_in(judgment: Judgment) -> Proceeding:
    party = session().get_one(Party, judgment.party_id)
    return session().get_one(Proceeding, party.proceeding_id)


def _supervised() -> LegalTitle:
    return courts.held(courts.case_with(1), kind=SUPERVISED)


def _held() -> tuple[Case, LegalTitle, Proceeding]:
    case = _two()
    return case, courts.held(case), courts.opened(case)


def _hearing() -> Hearing:
    return hearings.add_hearing(_monitor(), _proceeding(), HearingDraft(courts.on(18), "trial"))


def _answered() -> TrialObservation:
    observation = observations.observed(34)
    observations.say(observation, "public_hearing", "no")
    observations.say(observation, "evidence_presented", "no")
    return observation


def _right(observation: TrialObservation) -> RightDraft:
    (row, *_) = (right.row for right in observations.seen(observation).rights)
    return RightDraft(row.uid, row.version, in_question=True)


def _monitor() -> Any:
    return make.actor("monitor")


OTHER_DAY = {
    "starts": courts.on(19),
    "kind": "judgment",
    "court": "appeal_12",
    "room": "4",
    "judge": "Judge One",
    "note": "Come early.",
    "known_by": "lawyer",
}
COURT_ACTS = [
    Act(
        "open_proceeding",
        _two,
        lambda case, draft: opening.open_proceeding(_monitor(), case, draft),
        lambda case: OpeningDraft(courts.FACTS, courts.people(case)[:1]),
        lambda case: {
            "facts": ProceedingDraft("trial"),
            "accused": courts.people(case),
            "role": PartyRole.SUSPECT,
        },
    ),
    Act(
        "change_proceeding",
        _proceeding,
        lambda row, draft: opening.change_proceeding(_monitor(), row, draft, row.version),
        lambda _: ProceedingDraft("trial"),
        lambda _: {
            "stage": "appeal",
            "court": "appeal_12",
            "court_number": "No. 13",
            "prosecutor": "Prosecutor Two",
            "judges": "Judge Two",
            "note": "Moved to another room.",
        },
    ),
    Act(
        "end_proceeding",
        _proceeding,
        lambda row, draft: opening.end_proceeding(_monitor(), row, draft, row.version),
        lambda _: EndDraft(courts.on(18), "dismissed"),
        lambda _: {
            "ended": courts.on(19),
            "end_kind": "limitation",
            "end_known_by": "press",
        },
    ),
    Act(
        "add_parties",
        _proceeding,
        lambda row, draft: parties.add_parties(_monitor(), row, courts.case_of(row), draft),
        lambda _: PartiesDraft(PartyRole.WITNESS, (Victim(described=FURTHER),)),
        lambda _: {
            "role": PartyRole.CIVIL_PARTY,
            "people": (Victim(described=FURTHER), Victim(described=FURTHER)),
        },
    ),
    Act(
        "add_lawyer",
        _proceeding,
        lambda row, draft: parties.add_lawyer(_monitor(), row, draft),
        lambda row: LawyerDraft(courts.parties(row)[:1], "Lawyer One"),
        lambda row: {
            "parties": courts.parties(row),
            "name": "Lawyer Two",
            "began": courts.on(17),
            "ended": courts.on(18),
        },
    ),
    Act(
        "add_charges",
        _proceeding,
        lambda row, draft: charging.add_charges(_monitor(), row, draft),
        lambda row: ChargeDraft(courts.parties(row)[:1], Qualification("kh_cc_253"), courts.on(17)),
        lambda row: {
            "parties": courts.parties(row),
            "qualification": LAND,
            "charged": courts.on(18),
            "charged_by": "prosecutor",
            "alleged": courts.on(12),
            "note": "Read from the order.",
            "known_by": "lawyer",
        },
    ),
    *(
        Act(
            f"add_charges: {name}",
            _proceeding,
            lambda row, said: charging.add_charges(
                _monitor(), row, ChargeDraft(courts.parties(row), said, courts.on(17))
            ),
            lambda _: Qualification("kh_cc_253"),
            lambda _, name=name, other=other: {name: other},  # type: ignore[misc] # mypy knows no defaults
        )
        for name, other in {
            "provision": "kh_cc_495",
            "words": "second paragraph",
            "offence_class": "felony",
            "aggravated": True,
        }.items()
    ),
    Act(
        "record_outcome",
        _charge,
        lambda row, draft: charging.record_outcome(_monitor(), _of(row), draft),
        lambda row: OutcomeDraft(
            (row.uid,), ChargeStep.REQUALIFIED, courts.on(20), qualification=courts.INCITEMENT
        ),
        lambda row: {
            "charges": courts.charges(_of(row)),
            "kind": ChargeStep.DROPPED,
            "decided": courts.on(21),
            "decided_by": "investigating_judge",
            "qualification": LAND,
            "note": "Read in court.",
            "known_by": "saw",
        },
    ),
    Act(
        "add_judgments",
        _proceeding,
        lambda row, draft: judging.add_judgments(_monitor(), row, draft),
        lambda row: JudgmentDraft(courts.parties(row)[:1], courts.on(20), "first_instance"),
        lambda row: {
            "parties": courts.parties(row),
            "pronounced": courts.on(19),
            "pronounced_by": "court_of_appeal",
            "presence": Presence.DEFAULT,
            "sentence": SENTENCE,
            "notified": courts.on(21),
            "note": "Read out.",
            "known_by": "saw",
        },
    ),
    *(
        Act(
            f"add_judgments: {name}",
            _proceeding,
            lambda row, said: judging.add_judgments(
                _monitor(),
                row,
                JudgmentDraft(
                    courts.parties(row)[:1], courts.on(20), "first_instance", sentence=said
                ),
            ),
            lambda _, was=was: was,  # type: ignore[misc] # mypy knows no defaults
            lambda _, name=name, other=other: {name: other},  # type: ignore[misc] # mypy knows no defaults
        )
        for name, was, other in (
            ("for_life", Sentence(), True),
            ("prison", Sentence(), Length(24)),
            ("suspended", SENTENCE, Length(3)),
            ("fine", SENTENCE, Money(300, "KHR")),
            ("damages", SENTENCE, Money(300, "KHR")),
            ("confiscated", SENTENCE, "A camera"),
        )
    ),
    Act(
        "notify",
        _judgment,
        lambda row, draft: judging.notify(_monitor(), _judged_in(row), row.uid, draft, row.version),
        lambda _: NotificationDraft(courts.on(20)),
        lambda _: {"notified": courts.on(21)},
    ),
    Act(
        "add_appeals",
        _judgment,
        lambda row, draft: judging.add_appeals(_monitor(), _judged_in(row), draft),
        lambda row: AppealDraft((row.uid,), Appellant.ACCUSED, courts.on(20)),
        lambda row: {
            "judgments": courts.judgments(_judged_in(row)),
            "appellant": Appellant.PROSECUTOR,
            "filed": courts.on(21),
            "note": "By letter.",
            "known_by": "lawyer",
        },
    ),
    Act(
        "add_titles",
        _held,
        lambda had, draft: titles.add_titles(_monitor(), had[0], draft),
        lambda had: TitleDraft(courts.people(had[0])[:1], SUPERVISED, courts.on(16)),
        lambda had: {
            "people": courts.people(had[0]),
            "kind": TitleKind.SENTENCE,
            "began": courts.on(15),
            "ended": courts.on(19),
            "proceeding": had[2].uid,
            "ordered": courts.on(17),
            "next_report_on": REPORTS,
            "note": "Every Monday.",
            "known_by": "family",
        },
    ),
    Act(
        "update_title",
        _supervised,
        lambda row, draft: titles.update_title(_monitor(), row, draft, row.version),
        lambda _: TitleUpdate(),
        lambda _: {
            "ended": courts.on(19),
            "next_report_on": REPORTS,
            "note": "Every Monday.",
            "known_by": "family",
        },
    ),
    Act(
        "add_orders",
        _held,
        lambda had, draft: titles.add_orders(_monitor(), had[0], draft),
        lambda had: OrderDraft(courts.people(had[0])[:1], OrderKind.RELEASE, courts.on(17)),
        lambda had: {
            "people": courts.people(had[0]),
            "kind": OrderKind.SUMMONS,
            "ordered": courts.on(18),
            "ordered_by": "prosecutor",
            "in_writing": True,
            "due": courts.on(19),
            "proceeding": had[2].uid,
            "title": had[1].uid,
            "note": "For a day.",
            "known_by": "document",
        },
    ),
    Act(
        "add_hearing",
        _proceeding,
        lambda row, draft: hearings.add_hearing(_monitor(), row, draft),
        lambda _: HearingDraft(courts.on(18), "trial"),
        lambda _: {**OTHER_DAY, "monitors": (_monitor().uid,)},
    ),
    Act(
        "change_hearing",
        _hearing,
        lambda row, draft: hearings.change_hearing(_monitor(), row, draft, row.version),
        lambda _: HearingDraft(courts.on(18), "trial"),
        lambda _: OTHER_DAY,
    ),
    Act(
        "conclude",
        _hearing,
        lambda row, draft: hearings.conclude(_monitor(), row, draft, row.version),
        lambda _: ConclusionDraft(HearingStatus.ADJOURNED, "court"),
        lambda _: {
            "status": HearingStatus.HELD,
            "asked_by": "defence",
            "defence_agreed": True,
            "reason": "A judge was absent.",
            "next_starts": courts.on(25),
            "task": "Ask the clerk",
        },
    ),
    Act(
        "answer",
        lambda: observations.observed(34),
        lambda row, draft: observing.answer(_monitor(), row, draft),
        lambda _: AnswerDraft("public_hearing", 0, (Answered("no"),)),
        lambda _: {
            "question": "witnesses",
            "answers": (Answered("yes"),),
            "notes": observations.note("Two seats."),
        },
    ),
    Act(
        "confirm",
        _answered,
        lambda row, draft: observing.confirm(_monitor(), row, [draft]),
        _right,
        lambda _: {"in_question": False},
    ),
]
