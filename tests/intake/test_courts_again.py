"""What a sheet told of the courts before: the same again, a newer one, and the same case."""

from pathlib import Path

import pytest

from hrdtracker.access.actor import operator
from hrdtracker.accounts import terms
from hrdtracker.audit import chain
from hrdtracker.codelists.files import parse_list
from hrdtracker.incidents.model import Incident
from hrdtracker.people.model import Person
from hrdtracker.proceedings import joining, opening
from hrdtracker.proceedings.drafts.proceedings import JoiningDraft, OpeningDraft, ProceedingDraft
from hrdtracker.proceedings.model import (
    Charge,
    ChargeOutcome,
    Hearing,
    Party,
    Proceeding,
)
from tests import make
from tests.intake.court_sheets import (
    ARTICLES,
    COUNTED,
    COURTS,
    cells,
    count,
    counts,
    court,
    day,
    every,
    figures,
    of_nowhere,
    take,
)
from tests.spec.sheets import Desk

# --- again, and newer -----------------------------------------------------------------------------


@pytest.mark.usefixtures("law")
def test_the_same_sheet_twice_makes_nothing_twice(desk: Desk) -> None:
    rows = [cells(no=f"{number}", who=f"Demo {number}") for number in range(3)]
    assert figures(take(desk, *rows)) == (3, 0, 0, 0, 0)
    before = counts()
    assert figures(take(desk, *rows)) == (0, 0, 3, 0, 0)
    assert counts() == before


@pytest.mark.usefixtures("law")
def test_a_check_counts_what_it_would_record_and_records_nothing(desk: Desk) -> None:
    report = take(desk, cells(), check=True)
    assert report.courts.charges == report.courts.by_article == 2
    assert (report.courts.proceedings, report.courts.titles, report.courts.hearings) == (1, 1, 1)
    assert counts() == [0] * len(COUNTED)


@pytest.mark.usefixtures("law")
def test_what_the_courts_did_since_is_for_a_person_to_compare(desk: Desk) -> None:
    take(desk, cells(outcome="pending"))
    before = counts()
    report = take(desk, cells())
    assert figures(report) == (0, 1, 0, 0, 0), "its words were brought up to date"
    assert [note.column for note in report.doubtful] == ["court"]
    assert counts() == before


OF_COURTS = {
    "stage", "court", "number", "prosecutor", "judges", "of the case", "article", "law", "charged",
    "alleged", "outcome", "decided", "of the charge", "ground", "from", "until", "of the ground",
    "court day", "hearing", "held?", "room", "judge", "of the day",
}  # fmt: skip


@pytest.mark.usefixtures("law")
def test_a_row_that_told_nothing_of_the_courts_before_adds_what_it_tells_now(desk: Desk) -> None:
    silent = cells() | dict.fromkeys(OF_COURTS, "")
    take(desk, silent)
    assert count(Proceeding) == 0
    report = take(desk, cells())
    assert (report.counts.updated, report.courts.charges) == (1, 2)
    assert [party.person_id for party in every(Party)] == [every(Person)[0].id]
    assert figures(take(desk, cells())) == (0, 0, 1, 0, 0)
    assert chain.verify().holds


@pytest.mark.usefixtures("law")
@pytest.mark.parametrize("through_another", [False, True])
def test_whoever_was_put_in_that_proceeding_by_hand_stands_in_it_once(
    desk: Desk,
    through_another: bool,  # noqa: FBT001
) -> None:
    told = court(desk)
    take(desk, cells() | dict.fromkeys(OF_COURTS, ""))
    case, (person,) = make.case_of(every(Incident)[0]), every(Person)
    assert told.facts is not None
    monitor, accused = make.actor("monitor"), (person.uid,)
    here = OpeningDraft(told.facts, () if through_another else accused, told.role)
    proceeding = opening.open_proceeding(monitor, case, here)
    if through_another:
        other = OpeningDraft(ProceedingDraft("trial"), accused, told.role)
        row = opening.open_proceeding(monitor, case, other)
        draft = JoiningDraft(proceeding.uid, told.charges[0].charge.charged, "document")
        joining.join(monitor, row, draft, row.version)
    before = count(Party)
    report = take(desk, cells())
    assert (report.counts.updated, report.counts.rejected) == (1, 0)
    assert (count(Party), count(Charge)) == (before, 2)


@pytest.mark.usefixtures("law")
def test_a_mapping_that_learns_of_the_courts_loses_no_word_of_rows_that_are_here(
    desk: Desk,
) -> None:
    """Whatever was kept in words before stays so, or stands in a field."""
    before = COURTS[: COURTS.index("[proceeding]")]
    take(desk, cells(), mapping=before)
    (told,) = [incident.narrative for incident in every(Incident)]
    assert "article: art. 12.1; 34" in told
    take(desk, cells())
    (told,) = [incident.narrative for incident in every(Incident)]
    assert "article" not in told
    assert [step.provision for step in every(ChargeOutcome)][:2] == ["zz_1", "zz_2"]


@pytest.mark.usefixtures("law")
def test_where_the_people_are_others_now_the_words_of_the_courts_stay_words(desk: Desk) -> None:
    take(desk, cells(), mapping=COURTS[: COURTS.index("[proceeding]")])
    take(desk, cells(who="Demo B"))
    (told,) = [incident.narrative for incident in every(Incident)]
    assert "article: art. 12.1; 34" in told
    assert count(Proceeding) == 0


# --- one case, one proceeding ---------------------------------------------------------------------


@pytest.mark.usefixtures("law")
@pytest.mark.parametrize("at_once", [True, False])
def test_rows_of_a_case_with_the_same_number_at_the_court_stand_in_one_proceeding(
    desk: Desk,
    at_once: bool,  # noqa: FBT001
) -> None:
    first = cells(no="1", case="A")
    second = cells(no="2", case="A", who="Demo B", court_day="6 March 2025")
    third = cells(no="3", case="A", who="Demo C")
    if at_once:
        take(desk, first, second, third)
    else:
        take(desk, first)
        take(desk, first, second, third)
    assert (count(Proceeding), count(Party), count(Charge)) == (1, 3, 6)
    days = [day(hearing.starts) for hearing in every(Hearing)]
    assert days == ["5 March 2025 (day)", "6 March 2025 (day)"], "what both tell of is one"


@pytest.mark.usefixtures("law")
def test_a_row_adds_to_the_proceeding_of_its_own_case_and_of_no_other(desk: Desk) -> None:
    first = cells(no="1", case="B")
    second = cells(no="2", case="A", who="Demo B")
    third = cells(no="3", case="A", who="Demo C")
    for rows in ([first], [first, second], [first, second, third]):
        take(desk, *rows)
    stand = [party.proceeding_id for party in every(Party)]
    assert stand[0] != stand[1]
    assert stand[1] == stand[2]


@pytest.mark.usefixtures("law")
@pytest.mark.parametrize("other", [{"number": "13/2024"}, {"judges": "Demo Z"}, {"case": "B"}])
def test_what_is_told_otherwise_is_another_proceeding(desk: Desk, other: dict[str, str]) -> None:
    take(desk, cells(no="1", case="A"), cells(**{"no": "2", "who": "Demo B", "case": "A", **other}))
    assert (count(Proceeding), count(Party), count(Hearing)) == (2, 2, 2)


# --- a list of one's own --------------------------------------------------------------------------


@pytest.mark.usefixtures("law")
def test_articles_that_were_added_follow_their_file_and_ours_stay_ours(tmp_path: Path) -> None:
    machine = operator(make.organisation().id)
    del tmp_path

    def add(text: str) -> tuple[int, int]:
        rows = parse_list("provision", text)
        return terms.add_from_file(machine, make.organisation(), "provision", rows)

    assert add(of_nowhere(*ARTICLES)) == (0, 0)
    assert add(of_nowhere("12.1", "35", "36")) == (1, 1)
    assert terms.load(machine, make.organisation()) == (0, 0), "no file of ours retires them"
    with pytest.raises(ValueError, match="a term of ours"):
        add(of_nowhere("12.1").replace("zz_1", "kh_cc_217"))
