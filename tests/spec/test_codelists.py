"""Lists of terms: extended and thinned by administrators, and what is used never disappears."""

import pytest
from sqlalchemy import delete, func, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, operator
from hrdtracker.accounts import terms
from hrdtracker.authorised import authorised, side_transaction
from hrdtracker.codelists import queries
from hrdtracker.codelists.drafts import TermDraft
from hrdtracker.codelists.files import LISTS, read_list
from hrdtracker.codelists.load import load_codelists
from hrdtracker.codelists.lookup import terms as offered
from hrdtracker.codelists.model import Term
from hrdtracker.codelists.names import FIXED, NAMES
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, WrongStatus
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
DRAFT = TermDraft("Land survey", "ការវាស់វែងដី")


def _term(name: str, code: str) -> Term:
    return session().scalars(select(Term).where(Term.list == name, Term.code == code)).one()


def _add(draft: TermDraft = DRAFT, name: str = "incident_type", who: str = "admin") -> Term:
    return terms.add_term(make.actor(who), make.organisation(), name, draft)


def _version() -> int:
    session().expire_all()
    return make.organisation().terms_version


def test_every_list_has_a_name_and_no_name_is_without_a_list() -> None:
    assert set(NAMES) == set(LISTS)
    assert set(LISTS) >= FIXED


def test_an_added_term_stands_last_and_can_be_chosen() -> None:
    ends = select(func.max(Term.position)).where(Term.list == "incident_type")
    last = session().scalar(ends)
    assert last is not None
    made = _add()
    assert (made.code, made.position) == ("own_land_survey", last + 1)
    assert offered().choices("incident_type", "km")[-1] == (made.code, "ការវាស់វែងដី")


def test_every_change_of_a_list_lets_every_page_read_the_lists_anew() -> None:
    before = _version()
    made = _add()
    terms.retire_term(make.actor("admin"), make.organisation(), made)
    terms.restore_term(make.actor("admin"), make.organisation(), made)
    assert _version() == before + 3


def test_lists_of_which_nobody_said_the_version_are_read_once_and_again_when_they_change() -> None:
    del session().info["terms_version"]
    words = offered()
    assert offered() is words
    made = _add()
    assert offered().knows("incident_type", made.code)


def test_a_session_that_loads_the_lists_reads_them_anew_whatever_version_it_knows() -> None:
    admin, organisation = make.actor("admin"), make.organisation()
    in_file = offered().label("incident_type", "threat", "en")
    del session().info["terms_version"]
    with authorised(admin, Action.TERM_CHANGE, on=organisation):
        _term("incident_type", "threat").label_en = "Changed elsewhere"
    assert offered().label("incident_type", "threat", "en") == "Changed elsewhere"
    with authorised(admin, Action.TERM_CHANGE, on=organisation):
        load_codelists()
    assert offered().label("incident_type", "threat", "en") == in_file


def test_a_retired_term_is_offered_no_more_and_reads_as_before_where_it_is_used() -> None:
    incident = make.incident(type="arrest")
    terms.retire_term(
        make.actor("admin"), make.organisation(), _term("incident_type", incident.type)
    )
    assert not offered().knows("incident_type", incident.type)
    assert offered().label("incident_type", incident.type, "en") == "Arrest"


def test_a_restored_term_is_offered_again() -> None:
    term = _term("incident_type", "arrest")
    terms.retire_term(make.actor("admin"), make.organisation(), term)
    terms.restore_term(make.actor("admin"), make.organisation(), term)
    assert offered().knows("incident_type", "arrest")


def test_a_term_is_retired_once() -> None:
    term = _term("incident_type", "arrest")
    terms.retire_term(make.actor("admin"), make.organisation(), term)
    with pytest.raises(WrongStatus):
        terms.retire_term(make.actor("admin"), make.organisation(), term)


def test_a_list_has_a_term_once() -> None:
    _add()
    with pytest.raises(Refused) as refused:
        _add(TermDraft("land SURVEY", "អ្វី"))
    assert set(refused.value.reasons) == {"label_en"}


def test_terms_of_a_list_whose_words_make_the_same_code_get_a_code_each() -> None:
    words = ("Land survey", "Land – survey!", "Land, survey")
    codes = [_add(TermDraft(each, "ការវាស់")).code for each in words]
    assert codes == ["own_land_survey", "own_land_survey_2", "own_land_survey_3"]
    assert _add(name="thematic_area").code == "own_land_survey"


@pytest.mark.parametrize("name", sorted(FIXED))
def test_a_list_on_which_the_work_depends_stays_as_it_is(name: str) -> None:
    with pytest.raises(WrongStatus):
        _add(name=name)
    term = session().scalars(select(Term).where(Term.list == name).limit(1)).one()
    with pytest.raises(WrongStatus):
        terms.retire_term(make.actor("admin"), make.organisation(), term)


def test_a_list_that_is_none_is_not_found() -> None:
    with pytest.raises(NotFound):
        _add(name="passwords")


@pytest.mark.parametrize("parent", [None, "9999", "01"])
def test_a_commune_is_not_without_a_district_that_exists(parent: str | None) -> None:
    with pytest.raises(Refused) as refused:
        _add(TermDraft("New commune", "ឃុំថ្មី", parent), "commune")
    assert set(refused.value.reasons) == {"parent"}


def test_a_commune_is_added_below_its_district_also_where_another_has_its_name() -> None:
    parents = ("0102", "0103")
    made = [_add(TermDraft("New commune", "ឃុំថ្មី", parent), "commune") for parent in parents]
    assert [term.parent for term in made] == list(parents)


@pytest.mark.parametrize(
    ("en", "km", "wrong"),
    [
        ("", "ពាក្យ", {"label_en"}),
        ("Term", " ", {"label_km"}),
        ("x" * 201, "ពាក្យ", {"label_en"}),
        ("Te\x00rm", "ពាក្យ", {"label_en"}),
        ("Term", "\ud800", {"label_km"}),
    ],
)
@pytest.mark.engines("sqlite")
def test_a_term_needs_words_in_both_languages(en: str, km: str, wrong: set[str]) -> None:
    with pytest.raises(Refused) as refused:
        TermDraft(en, km)
    assert set(refused.value.reasons) == wrong


def test_a_term_in_khmer_words_alone_still_has_a_code() -> None:
    assert _add(TermDraft("ដី", "ដី")).code == "own_term"


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("who", ["monitor", "director", "national", "auditor", "fund", "nobody"])
def test_nobody_but_an_administrator_changes_a_list(who: str) -> None:
    with pytest.raises(NotAllowed):
        _add(who=who)


def _machine() -> Actor:
    return operator(make.organisation().id)


def test_loading_the_files_again_changes_nothing() -> None:
    before = _version()
    assert terms.load(_machine(), make.organisation()) == (0, 0)
    assert _version() == before


def test_loading_the_files_brings_back_a_label_and_leaves_what_was_done_by_hand() -> None:
    admin = make.actor("admin")
    made = _add()
    terms.retire_term(admin, make.organisation(), _term("incident_type", "arrest"))
    with authorised(admin, Action.TERM_CHANGE, on=make.organisation()):
        _term("incident_type", "threat").label_en = "Changed elsewhere"
    before = _version()
    assert terms.load(_machine(), make.organisation()) == (0, 1)
    assert _version() == before + 1
    words = {word.code: word.en for word in offered().words("incident_type")}
    in_file = {row.code: row.label_en for row in read_list("incident_type")}
    assert words["threat"] == in_file["threat"]
    assert made.code in words
    assert "arrest" not in words


def test_loading_the_files_adds_what_is_new_in_them() -> None:
    before = _version()
    side_transaction(
        lambda: session().connection().execute(delete(Term).where(Term.code == "threat"))
    )
    assert terms.load(_machine(), make.organisation()) == (1, 0)
    assert _term("incident_type", "threat").from_file
    assert _version() == before + 1


def test_a_long_list_is_looked_through_a_page_at_a_time() -> None:
    first = queries.terms_of("commune")
    assert (first.part.begin, len(first.rows)) == (0, queries.PAGE_TERMS)
    assert (first.part.earlier, first.part.later) == (None, queries.PAGE_TERMS)
    second = queries.terms_of("commune", skip=str(first.part.later))
    assert second.rows[0].position > first.rows[-1].position
    assert second.part.earlier == 0
    below = queries.terms_of("commune", parent="1204")
    assert {term.parent for term in below.rows} == {"1204"}


def test_a_place_beyond_the_end_of_a_list_is_its_last_page() -> None:
    page = queries.terms_of("incident_type", skip="10000")
    assert page.rows[-1].position == session().scalar(
        select(func.max(Term.position)).where(Term.list == "incident_type")
    )


def test_the_lists_are_counted_in_one_go() -> None:
    terms.retire_term(make.actor("admin"), make.organisation(), _term("incident_type", "arrest"))
    counts = {one.name: (one.offered, one.retired) for one in queries.lists()}
    assert counts["incident_type"] == (len(read_list("incident_type")) - 1, 1)
    assert counts["urgency"] == (3, 0)
