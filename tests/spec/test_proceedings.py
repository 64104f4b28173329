"""A case before the courts: who reads it, who stands in it, and what became of each charge."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from hrdtracker.access.model import Sensitivity
from hrdtracker.cases import sharing
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, Stale, WrongStatus
from hrdtracker.core.seal import DataKeyWrap, ring
from hrdtracker.core.sending import Sending
from hrdtracker.core.when.model import When
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import CountingUnit
from hrdtracker.proceedings import opening, parties
from hrdtracker.proceedings.drafts.charges import Qualification
from hrdtracker.proceedings.drafts.proceedings import (
    EndDraft,
    LawyerDraft,
    OpeningDraft,
    PartiesDraft,
    ProceedingDraft,
)
from hrdtracker.proceedings.model import (
    Charge,
    ChargeOutcome,
    ChargeStep,
    Party,
    PartyLawyer,
    PartyRole,
    Proceeding,
)
from hrdtracker.proceedings.reading.of_case import proceedings_of
from hrdtracker.proceedings.reading.proceeding import ProceedingDetails, proceeding_details
from tests import courts, make

pytestmark = pytest.mark.usefixtures("unit")
COMPANY = Victim(described=PersonDraft((NameDraft("Demo Garment"),), unit=CountingUnit.COMPANY))


def _read(login: str, proceeding: Proceeding) -> ProceedingDetails:
    return proceeding_details(make.actor(login), proceeding.uid)


def _people(login: str, proceeding: Proceeding) -> int:
    return len(_read(login, proceeding).parties)


def _two_files() -> Proceeding:
    """Return a proceeding of three people of the monitor’s case and two of the stranger’s."""
    here, there = courts.case_with(3), courts.case_with(2, "stranger")
    proceeding = courts.opened(here)
    national = make.actor("national")
    courts.tied(proceeding, there)
    draft = PartiesDraft(
        PartyRole.ACCUSED, tuple(Victim(known=uid) for uid in courts.people(there))
    )
    parties.add_parties(national, proceeding, there, draft)
    return proceeding


def test_a_proceeding_is_recorded_in_a_case_against_people_of_it() -> None:
    case = courts.case_with(2)
    details = _read("monitor", courts.opened(case))
    assert details.proceeding.court_number == "No. 12"
    assert [(line.letter, line.party.role) for line in details.parties] == [
        ("A", "accused"),
        ("B", "accused"),
    ]
    assert [line.accused for line in proceedings_of(make.actor("monitor"), case.scope_id)] == [2]


def test_nobody_of_another_case_is_accused_in_it() -> None:
    case, other = courts.case_with(1), courts.case_with(1)
    with pytest.raises(Refused) as why:
        courts.opened(case, accused=courts.people(other))
    assert set(why.value.reasons) == {"accused"}


def test_a_proceeding_is_against_suspects_or_accused() -> None:
    with pytest.raises(Refused) as why:
        courts.opened(courts.case_with(1), role=PartyRole.WITNESS)
    assert set(why.value.reasons) == {"role"}


def test_who_does_not_read_the_case_does_not_read_the_proceeding_nor_record_in_it() -> None:
    case = courts.case_with(1)
    proceeding = courts.opened(case)
    with pytest.raises(NotFound):
        _read("stranger", proceeding)
    with pytest.raises(NotAllowed):
        courts.charged(proceeding, "stranger")
    with pytest.raises(NotAllowed):
        courts.opened(case, "stranger")


def test_five_on_one_proceeding_and_two_cases_are_read_by_each_as_far_as_their_case() -> None:
    proceeding = _two_files()
    assert _people("monitor", proceeding) == 3
    assert _people("stranger", proceeding) == 2
    assert _people("national", proceeding) == 5
    assert _read("stranger", proceeding).proceeding.court_number == "No. 12"


def test_who_reads_one_case_charges_nobody_of_the_other() -> None:
    proceeding = _two_files()
    with pytest.raises(Refused) as why:
        courts.charged(proceeding, "monitor")
    assert set(why.value.reasons) == {"parties"}
    courts.charged(proceeding, "national")
    count = select(func.count()).select_from(Charge)
    assert session().scalar(count) == 5
    assert sum(len(line.charges) for line in _read("stranger", proceeding).parties) == 2


def test_no_party_is_added_for_a_case_that_a_proceeding_does_not_concern() -> None:
    proceeding, other = courts.opened(courts.case_with(1)), courts.case_with(1)
    draft = PartiesDraft(PartyRole.WITNESS, (Victim(known=courts.people(other)[0]),))
    with pytest.raises(NotFound):
        parties.add_parties(make.actor("monitor"), proceeding, other, draft)


def test_the_key_of_a_proceeding_moves_with_its_cases() -> None:
    case = courts.case_with(1, "director")
    proceeding = courts.opened(case, "director")
    director = make.actor("director")
    wraps = select(DataKeyWrap.compartment_id).where(
        DataKeyWrap.data_key_id == proceeding.data_key_id
    )
    before = set(session().scalars(wraps))
    sharing.set_sensitivity(director, case, Sensitivity.SECRET, case.version)
    after = set(session().scalars(wraps))
    assert len(after) == 1
    assert after != before
    assert _read("director", proceeding).proceeding.court_number == "No. 12"


def test_a_company_complains_and_a_witness_is_named() -> None:
    case = courts.case_with(1)
    proceeding = courts.opened(case)
    draft = PartiesDraft(PartyRole.COMPLAINANT, (COMPANY,))
    parties.add_parties(make.actor("monitor"), proceeding, case, draft)
    part = _read("monitor", proceeding).parts[0]
    assert [line.letter for line in part.others] == ["B"]
    assert len(part.accused) == 1


def test_nobody_is_the_same_kind_of_party_twice() -> None:
    case = courts.case_with(1)
    proceeding = courts.opened(case)
    draft = PartiesDraft(PartyRole.ACCUSED, (Victim(known=courts.people(case)[0]),))
    with pytest.raises(Refused) as why:
        parties.add_parties(make.actor("monitor"), proceeding, case, draft)
    assert set(why.value.reasons) == {"people"}


def test_a_form_sent_twice_opens_one_proceeding() -> None:
    case = courts.case_with(1)
    sending = Sending(uuid4(), "x")
    first = courts.opened(case, sending=sending)
    assert courts.opened(case, sending=sending).uid == first.uid
    assert len(proceedings_of(make.actor("monitor"), case.scope_id)) == 1


def test_facts_change_and_a_stale_form_is_refused() -> None:
    proceeding = courts.opened(courts.case_with(1))
    monitor, version = make.actor("monitor"), proceeding.version
    draft = replace(courts.FACTS, stage="trial", judges="Judge One")
    opening.change_proceeding(monitor, proceeding, draft, version)
    assert _read("monitor", proceeding).proceeding.judges == "Judge One"
    with pytest.raises(Stale):
        opening.change_proceeding(monitor, proceeding, draft, version)


def test_a_proceeding_needs_its_stage_and_a_court_of_the_list() -> None:
    assert make.refused(lambda: ProceedingDraft("")) == {"stage"}
    case = courts.case_with(1)
    unknown = ProceedingDraft("trial", court="nowhere")
    assert make.refused(lambda: courts.opened(case, facts=unknown)) == {"court"}


def test_several_are_charged_at_once_each_with_a_charge_of_their_own() -> None:
    proceeding = courts.opened(courts.case_with(3))
    courts.charged(proceeding)
    lines = _read("monitor", proceeding).parties
    assert [len(line.charges) for line in lines] == [1, 1, 1]
    step = lines[0].charges[0].present
    assert (step.offence_class, step.least, step.most) == ("misdemeanour", "6 months", "2 years")


def test_a_law_that_no_list_knows_is_written_in_words() -> None:
    proceeding = courts.opened(courts.case_with(1))
    courts.charged(proceeding, qualification=Qualification(words="Law on Waters, art. 9"))
    step = _read("monitor", proceeding).parties[0].charges[0].present
    assert (step.provision, step.provision_words) == (None, "Law on Waters, art. 9")


def test_the_graver_penalty_is_that_of_the_graver_case() -> None:
    proceeding = courts.opened(courts.case_with(1))
    courts.charged(proceeding, qualification=Qualification("kh_cc_253", aggravated=True))
    assert _read("monitor", proceeding).parties[0].charges[0].present.most == "10 years"


def test_a_witness_is_not_charged() -> None:
    case = courts.case_with(2)
    first, second = courts.people(case)
    proceeding = courts.opened(case, accused=(first,))
    draft = PartiesDraft(PartyRole.WITNESS, (Victim(known=second),))
    parties.add_parties(make.actor("monitor"), proceeding, case, draft)
    assert make.refused(lambda: courts.charged(proceeding)) == {"parties"}


def test_a_charge_stays_the_same_when_it_is_requalified() -> None:
    proceeding = courts.opened(courts.case_with(1))
    charge = courts.charged(proceeding)
    courts.stepped(
        proceeding, charge, ChargeStep.REQUALIFIED, qualification=Qualification("kh_cc_453")
    )
    (line,) = _read("monitor", proceeding).parties[0].charges
    assert line.charge.uid == charge.uid
    assert [step.provision for step in line.qualifications] == ["kh_cc_495", "kh_cc_453"]
    assert line.present.offence_class == "felony"
    assert line.charge.last_step == "requalified"


def test_who_requalifies_a_charge_says_as_what() -> None:
    proceeding = courts.opened(courts.case_with(1))
    charge = courts.charged(proceeding)
    said = make.refused(lambda: courts.stepped(proceeding, charge, ChargeStep.REQUALIFIED))
    assert said == {"provision"}


def test_what_became_of_a_charge_does_not_lie_before_it() -> None:
    proceeding = courts.opened(courts.case_with(1))
    charge = courts.charged(proceeding)
    early = {"decided": courts.on(2)}
    act = lambda: courts.stepped(proceeding, charge, ChargeStep.ACQUITTED, **early)  # noqa: E731
    assert make.refused(act) == {"decided"}


def test_a_charge_that_was_dropped_is_not_judged() -> None:
    proceeding = courts.opened(courts.case_with(1))
    charge = courts.charged(proceeding)
    courts.stepped(proceeding, charge, ChargeStep.DROPPED)
    later = {"decided": courts.on(22)}
    act = lambda: courts.stepped(proceeding, charge, ChargeStep.CONVICTED, **later)  # noqa: E731
    assert make.refused(act) == {"kind"}


def test_the_last_step_by_its_day_counts_whenever_it_was_written() -> None:
    proceeding = courts.opened(courts.case_with(1))
    charge = courts.charged(proceeding)
    courts.stepped(proceeding, charge, ChargeStep.CONVICTED, decided=courts.on(24))
    courts.stepped(
        proceeding, charge, ChargeStep.REQUALIFIED, qualification=courts.INCITEMENT,
        decided=courts.on(19),
    )  # fmt: skip
    assert session().get_one(Charge, charge.id).last_step == "convicted"


def test_a_charge_of_an_unknown_day_was_made_before_what_became_of_it() -> None:
    proceeding = courts.opened(courts.case_with(1))
    charge = courts.charged(proceeding, charged=When.unknown("not known", make.ZONE))
    courts.stepped(proceeding, charge, ChargeStep.DROPPED)
    assert session().get_one(Charge, charge.id).last_step == "dropped"


def test_an_appeal_turns_a_conviction_round() -> None:
    proceeding = courts.opened(courts.case_with(1))
    charge = courts.charged(proceeding)
    courts.stepped(proceeding, charge, ChargeStep.CONVICTED)
    courts.stepped(proceeding, charge, ChargeStep.ACQUITTED, decided=courts.on(25))
    assert session().get_one(Charge, charge.id).last_step == "acquitted"


def test_nothing_happens_in_a_proceeding_after_it_ended() -> None:
    proceeding = courts.opened(courts.case_with(1))
    monitor = make.actor("monitor")
    end = EndDraft(courts.on(18), "dismissed")
    opening.end_proceeding(monitor, proceeding, end, proceeding.version)
    assert make.refused(lambda: courts.charged(proceeding, charged=courts.on(20))) == {"charged"}
    courts.charged(proceeding, charged=courts.on(17))
    opening.reopen_proceeding(monitor, proceeding, proceeding.version)
    courts.charged(proceeding, charged=courts.on(20))
    with pytest.raises(WrongStatus):
        opening.reopen_proceeding(monitor, proceeding, proceeding.version)


def test_what_happens_before_a_court_does_not_lie_in_the_future() -> None:
    proceeding = courts.opened(courts.case_with(1))
    assert make.refused(lambda: courts.charged(proceeding, charged=courts.on(30, 12))) == {
        "charged"
    }


def test_the_class_and_penalties_of_a_charge_are_closed_in_the_database() -> None:
    proceeding = courts.opened(courts.case_with(1))
    courts.charged(proceeding)
    table = ChargeOutcome.__table__
    row = session().execute(select(table)).mappings().one()
    assert row["provision"] == "kh_cc_495"
    kept = session().connection().exec_driver_sql("SELECT provision_closed FROM charge_outcome")
    assert b"495" not in bytes(kept.scalar_one())


def test_a_lawyer_of_several_has_an_end_that_does_not_lie_before_the_beginning() -> None:
    proceeding = courts.opened(courts.case_with(2))
    monitor = make.actor("monitor")
    draft = LawyerDraft(courts.parties(proceeding), "Lawyer One", began=courts.on(18))
    lawyer = parties.add_lawyer(monitor, proceeding, draft)
    names = [line.lawyers[0].name for line in _read("monitor", proceeding).parties]
    assert names == ["Lawyer One", "Lawyer One"]
    early = make.refused(lambda: parties.end_lawyer(monitor, proceeding, lawyer.uid, courts.on(3)))
    assert early == {"ended"}
    parties.end_lawyer(monitor, proceeding, lawyer.uid, courts.on(20))
    ended = session().get_one(PartyLawyer, lawyer.id)
    ring().load([ended.data_key_id])
    assert ended.ended == courts.on(20)


def test_a_lawyer_of_another_proceeding_is_not_found() -> None:
    proceeding, other = (courts.opened(courts.case_with(1)) for _ in range(2))
    monitor = make.actor("monitor")
    draft = LawyerDraft(courts.parties(proceeding), "Lawyer One")
    lawyer = parties.add_lawyer(monitor, proceeding, draft)
    with pytest.raises(NotFound):
        parties.end_lawyer(monitor, other, lawyer.uid, courts.on(20))


def test_parties_keep_the_role_in_which_they_were_first_named() -> None:
    case = courts.case_with(1)
    courts.opened(case, role=PartyRole.SUSPECT)
    assert session().scalars(select(Party.role)).all() == ["suspect"]


def test_an_opening_without_anybody_is_of_a_case_against_unknown_people() -> None:
    assert OpeningDraft(courts.FACTS).accused == ()
    assert _people("monitor", courts.opened(courts.case_with(1), accused=())) == 0


def test_charging_nobody_is_refused() -> None:
    assert make.refused(lambda: courts.charged(courts.opened(courts.case_with(0)))) == {"parties"}
