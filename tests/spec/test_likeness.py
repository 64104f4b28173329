"""Two writings of one name come close, two names do not; every name here is invented."""

import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

from hrdtracker.people.likeness import FLOOR, NameIndex, likeness, roman_key, search_text

# Two writings of one name: across the scripts, within one, turned round, run together, mistyped.
TRUE_PAIRS = [
    ("ង៉ែត សំណាង", "Nget Samnang"),
    ("ង៉ែត សំណាង", "Samnang Ngeth"),
    ("អ៊ុំ ចន្ធូ", "Oum Chanthou"),
    ("អ៊ុំ ចន្ធូ", "Um Chanthu"),
    ("ឈួន គន្ធា", "Chhuon Kunthea"),
    ("ឈួន គន្ធា", "Chhoun Kuntheah"),
    ("ឃួន សារ៉ាត់", "Khuon Sarath"),
    ("យឹម សុភាព", "Yim Sopheap"),
    ("យឹម សុភាព", "Yem Sophep"),
    ("ទូច ធារី", "Touch Theary"),
    ("ទូច ធារី", "Theari Tauch"),
    ("មាស ណារិទ្ធ", "Meas Narith"),
    ("លាង វិបុល", "Leang Vibol"),
    ("លាង វិបុល", "Vibul Leang"),
    ("ថាច់ ចិន្តា", "Thach Chenda"),
    ("ថាច់ ចិន្តា", "Thach Chinda"),
    ("នួន កល្យាណ", "Nuon Kalyan"),
    ("នួន កល្យាណ", "Noun Kalyann"),
    ("ឌី មាលា", "Dy Mealea"),
    ("ឌី មាលា", "Di Malea"),
    ("ជឿន វិសាល", "Choeun Visal"),
    ("ជឿន វិសាល", "Cheurn Visal"),
    ("ឈឹម រដ្ឋា", "Chhim Ratha"),
    ("ឈឹម រដ្ឋា", "Chhem Rotha"),
    ("ហួត សុគន្ធ", "Huot Sokun"),
    ("ហួត សុគន្ធ", "Huoth Sokunth"),
    ("ប៉ែន លក្ខិណា", "Pen Leakhena"),
    ("ប៉ែន លក្ខិណា", "Lakhena Penn"),
    ("ញ៉ែម ចរិយា", "Nhem Chariya"),
    ("ង៉ែត មករា", "Nget Makara"),
    ("អ៊ុំ រតនា", "Oum Rattana"),
    ("ឈួន រស្មី", "Chhuon Reaksmey"),
    ("ឃួន ស្រីពៅ", "Khuon Sreypov"),
    ("ឃួន ស្រីពៅ", "Khuon Srey Pov"),
    ("យឹម ស្រីមុំ", "Yim Srey Mom"),
    ("ទូច ពន្លឺ", "Touch Ponleu"),
    ("មាស បញ្ញា", "Meas Panha"),
    ("មាស បញ្ញា", "Meas Pagna"),
    ("លាង សុភ័ក្ត្រ", "Leang Sopheak"),
    ("ថាច់ ឧត្តម", "Thach Oudom"),
    ("នួន ប៊ុនធឿន", "Nuon Bunthoeurn"),
    ("ឌី សុជាតា", "Dy Socheata"),
    ("លោក ង៉ែត វិបុល", "Nget Vibol"),
    ("Oknha Oum Visal", "អ៊ុំ វិសាល"),
    ("Nget Vuthy", "Nget Vuthi"),
    ("Sokh Phalla", "Sok Palla"),
    ("Chann Sophea", "Sopheah Chan"),
    ("Keo Bopha", "Kev Bupha"),
    ("Sav Nary", "Sao Nari"),
    ("Khieu Mony", "Khiev Monny"),
    ("Nuon Sreyleak", "Nuon Srey Leak"),
    ("Chhoun Piseth", "Chhuon Pisith"),
    ("Nget Samnang", "Nget Samnagn"),
    ("Touch Narith", "Touch Narit"),
    ("ង៉ែត  សំ\u200bណាង", "ង៉ែត សំណាង"),
    ("ង៉ែតសំណាង", "ង៉ែត សំណាង"),
]

# Two names that share a family name, a given name, a beginning or a sound.
FALSE_PAIRS = [
    ("ង៉ែត សំណាង", "Nget Sophea"),
    ("ង៉ែត សំណាង", "Nget Samuth"),
    ("ង៉ែត សំណាង", "Touch Samnang"),
    ("អ៊ុំ ចន្ធូ", "Oum Chantha Rith"),
    ("អ៊ុំ ចន្ធូ", "Oum Vuthy"),
    ("ឈួន គន្ធា", "Chhuon Kosal"),
    ("ឈួន គន្ធា", "Khuon Kimly"),
    ("ឃួន សារ៉ាត់", "Khuon Saroeun"),
    ("ឃួន សារ៉ាត់", "Khuon Vannak"),
    ("យឹម សុភាព", "Yim Sovann"),
    ("យឹម សុភាព", "Yim Sothy"),
    ("ទូច ធារី", "Touch Thida"),
    ("ទូច ធារី", "Tep Thavy"),
    ("មាស ណារិទ្ធ", "Meas Narong"),
    ("មាស ណារិទ្ធ", "Mao Nary"),
    ("លាង វិបុល", "Leang Visal"),
    ("លាង វិបុល", "Ly Vibol"),
    ("ថាច់ ចិន្តា", "Thach Chariya"),
    ("នួន កល្យាណ", "Nuon Kanha"),
    ("ឌី មាលា", "Dy Monika"),
    ("ជឿន វិសាល", "Choeun Vireak"),
    ("ឈឹម រដ្ឋា", "Chhim Raksmey"),
    ("ហួត សុគន្ធ", "Huot Sophal"),
    ("ប៉ែន លក្ខិណា", "Pen Linda"),
    ("ញ៉ែម ចរិយា", "Nhem Chantrea"),
    ("ង៉ែត មករា", "Nget Monorom"),
    ("ឃួន ស្រីពៅ", "Khuon Sreymom"),
    ("យឹម ស្រីមុំ", "Yim Sreyleak"),
    ("មាស បញ្ញា", "Meas Bora"),
    ("លាង សុភ័ក្ត្រ", "Leang Sokha"),
    ("ឌី សុជាតា", "Dy Sokunthea"),
    ("សុខ ដារ៉ា", "ចាន់ ដារ៉ា"),
    ("សុខ វណ្ណា", "សុខ វណ្ណី"),
    ("សុខ សុភា", "សុខ សុភី"),
    ("ចាន់ ថា", "ចាន់ ធីតា"),
    ("Chan Dara", "Chan Dany"),
    ("Sok Dara", "Som Dara"),
    ("Ly Sophea", "Lay Sophea"),
    ("Seng Vanna", "Sao Vanny"),
    ("Kim Sophal", "Kim Sovann"),
    ("Chea Kosal", "Chea Kunthea"),
    ("Heng Bopha", "Heng Bora"),
    ("Prak Vichet", "Prak Visal"),
    ("Long Pisey", "Long Piseth"),
    ("Mao Rithy", "Mao Ratha"),
    ("Sim Socheat", "Sim Sochenda"),
    ("Tep Makara", "Tep Mara"),
    ("Yan Sreymom", "Yan Sreynich"),
    ("Chhay Lina", "Chhay Lida"),
    ("Pen Chantha", "Pen Chenda"),
]


def share_at_or_above(pairs: list[tuple[str, str]], score: int) -> float:
    return sum(likeness(one, other) >= score for one, other in pairs) / len(pairs)


# --- how alike -----------------------------------------------------------------------------------


def test_nearly_all_writings_of_one_name_are_called_possible() -> None:
    """Measured: 56 of 56 at the floor, 55 at 80; RapidFuzz on the letters as typed: 11 and 10."""
    assert share_at_or_above(TRUE_PAIRS, FLOOR) >= 0.98
    assert share_at_or_above(TRUE_PAIRS, 80) >= 0.96


def test_few_names_of_different_people_are_called_possible_although_they_share_a_part() -> None:
    """Measured on pairs chosen to be hard: 8 of 50 at the floor, 6 at 80, none at 91."""
    assert share_at_or_above(FALSE_PAIRS, FLOOR) <= 0.16
    assert share_at_or_above(FALSE_PAIRS, 80) <= 0.12
    assert share_at_or_above(FALSE_PAIRS, 91) == 0


def test_names_that_share_nothing_are_never_called_possible() -> None:
    families = [one.split()[0] for one, _ in FALSE_PAIRS]
    given_names = [other.split()[1] for _, other in FALSE_PAIRS]
    strangers = list(zip(families, given_names[7:] + given_names[:7], strict=True))
    assert max(likeness(one, other) for one, other in strangers) < FLOOR


def test_the_tables_do_not_pass_by_comparing_the_letters_as_they_stand() -> None:
    plainly = sum(fuzz.token_sort_ratio(one, other) >= FLOOR for one, other in TRUE_PAIRS)
    assert plainly / len(TRUE_PAIRS) < 0.40


@example("0:0:0", "0:0:1")
@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_a_figure_from_0_to_100_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) == likeness(other, one) <= 100


@given(st.text(max_size=60).filter(lambda text: search_text(text) != ""))
def test_a_name_is_like_itself(name: str) -> None:
    assert likeness(name, f" {name} ") == 100


# --- all the names -------------------------------------------------------------------------------


def found(index: NameIndex, query: str, limit: int = 20) -> list[tuple[int, str]]:
    return [(one.person_id, one.name) for one in index.possible(query, limit)]


def test_the_same_name_scores_100_and_stands_first() -> None:
    index = NameIndex([(1, "Nget Darath"), (2, "ង៉ែត ដារ៉ា"), (3, "Nget Dara"), (4, "Dara Nget")])
    possible = index.possible(" nget  DARA")
    assert (possible[0].person_id, possible[0].score) == (3, 100)
    assert {one.person_id for one in possible} == {1, 2, 3, 4}
    assert all(one.score < 100 for one in possible[1:])


def test_a_person_with_several_names_is_offered_once_with_the_name_that_fits() -> None:
    index = NameIndex([(1, "Nget Dara"), (1, "ង៉ែត ដារ៉ា"), (1, "Nget Darah"), (2, "Oum Vuthy")])
    assert found(index, "ង៉ែត ដារ៉ា") == [(1, "ង៉ែត ដារ៉ា")]
    assert len(index) == 2


def test_persons_of_the_same_name_are_all_offered() -> None:
    index = NameIndex((number, "Nget Dara") for number in range(1, 31))
    assert [one.person_id for one in index.possible("Nget Dara", limit=5)] == [1, 2, 3, 4, 5]
    assert len(index.possible("Nget Dara", limit=100)) == 30


@pytest.mark.parametrize(
    "query", ["Nget", "Dara", "nget da", "Nget Dar", "Dara Nget", "ដារ៉ា", "ង៉ែត", "NgetDara"]
)
def test_a_part_or_a_beginning_of_a_name_finds_it(query: str) -> None:
    index = NameIndex([(1, "Nget Dara"), (2, "Oum Vuthy"), (3, "Chhuon Thida")])
    assert found(index, query) == [(1, "Nget Dara")]


@pytest.mark.parametrize("query", ["", " ", "%", "_", "%%%", "*", "?", "\u200b", "Zzyx Qwrtp"])
def test_signs_that_mean_anything_elsewhere_mean_nothing_here(query: str) -> None:
    assert found(NameIndex([(1, "Nget Dara"), (2, "Oum Vuthy")]), query) == []


def test_a_forgotten_person_is_not_offered_and_leaves_nothing_behind() -> None:
    index = NameIndex([(1, "Nget Dara"), (2, "Nget Dara"), (2, "Oum Vuthy")])
    index.discard(2)
    index.discard(2)
    index.discard(77)
    assert found(index, "Nget Dara") == [(1, "Nget Dara")]
    assert found(index, "Oum Vuthy") == []
    index.discard(1)
    assert len(index) == 0
    kept = (index._slot_of, index._written, index._people, index._postings, dict(index._words))
    assert kept == ({}, {}, {}, {}, {})


def test_a_name_may_be_added_later_and_twice() -> None:
    index = NameIndex()
    index.add(1, "Nget Dara")
    index.add(1, "Nget Dara")
    index.add(2, " \u200b ")
    assert found(index, "Nget Dara") == [(1, "Nget Dara")]
    assert len(index) == 1


def test_who_was_asked_for_before_is_asked_for_anew_once_a_name_changed() -> None:
    index = NameIndex([(1, "Nget Dara")])
    assert found(index, "Nget Dara") == found(index, "Nget Dara") == [(1, "Nget Dara")]
    index.add(2, "Nget Dara")
    assert len(found(index, "Nget Dara")) == 2
    index.discard(1)
    assert found(index, "Nget Dara") == [(2, "Nget Dara")]


def test_a_name_in_another_script_finds_itself() -> None:
    index = NameIndex([(1, "王明"), (2, "☃"), (3, "Nget Dara")])
    assert index.possible("王明")[0].score == 100
    assert found(index, "☃") == [(2, "☃")]


def test_permission_is_asked_in_ranked_batches_until_enough_are_found() -> None:
    index = NameIndex((number, "Nget Dara") for number in range(1_000))
    asked: list[list[int]] = []

    def allowed(ids: list[int]) -> set[int]:
        asked.append(ids)
        return {number for number in ids if number % 50 == 49}

    offered = index.possible("Nget Dara", limit=3, allowed=allowed)
    assert [one.person_id for one in offered] == [49, 99, 149]
    assert [number for batch in asked for number in batch] == list(range(150))


def test_somebody_far_down_the_ranking_is_found_when_nobody_above_may_be_seen() -> None:
    names = [(number, "Nget Dara") for number in range(500)] + [(500, "Nget Darath")]
    offered = NameIndex(names).possible("Nget Dara", allowed=lambda ids: {500} & set(ids))
    assert [one.person_id for one in offered] == [500]


def test_nobody_is_offered_who_was_not_asked_for() -> None:
    index = NameIndex([(1, "Nget Dara")])
    assert index.possible("Nget Dara", allowed=lambda _: {1, 2, 3}) == index.possible("Nget Dara")
    assert index.possible("Nget Dara", allowed=lambda _: set()) == []


def test_only_the_first_200_characters_of_a_query_count() -> None:
    index = NameIndex([(1, "D" * 200), (2, "Nget Dara")])
    assert found(index, "D" * 1_000_000) == [(1, "D" * 200)]


def test_a_possible_person_does_not_print_the_name() -> None:
    (one,) = NameIndex([(1, "Nget Dara")]).possible("Nget Dara")
    assert "Dara" not in repr(one)


@given(st.lists(st.text(max_size=20), max_size=5), st.text(max_size=300))
def test_any_name_and_any_query_get_an_answer(names: list[str], query: str) -> None:
    index = NameIndex(enumerate(names))
    scores = [one.score for one in index.possible(query)]
    assert scores == sorted(scores, reverse=True)
    assert all(FLOOR <= score <= 100 for score in scores)


def test_threads_may_ask_while_names_come_and_go() -> None:
    index = NameIndex([(0, "Nget Dara")])

    def work(number: int) -> bool:
        index.add(number, f"Nget Dara {number}")
        seen = index.possible("Nget Dara")[0].person_id == 0
        index.discard(number)
        return seen

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(1, 400)))
    assert len(index) == 1


# --- fifty thousand ------------------------------------------------------------------------------


def _fifty_thousand() -> list[tuple[int, str]]:
    chance = random.Random(42)
    words = [word for pair in TRUE_PAIRS + FALSE_PAIRS for name in pair for word in name.split()]
    onsets, vowels = ["k", "ch", "t", "d", "b", "ph", "m", "r", "sr"], ["a", "ea", "i", "o", "ou"]
    words += [
        "".join(map(chance.choice, (onsets, vowels, onsets, vowels, onsets))) for _ in range(4_000)
    ]
    return [
        (number, f"{chance.choice(words)} {chance.choice(words)}{chance.choice(words)}")
        for number in range(50_000)
    ]


@pytest.mark.deep
def test_fifty_thousand_names_answer_well_before_a_search_through_all_of_them() -> None:
    """Measured on 2 cores: 12 ms, and 31 ms for RapidFuzz's WRatio over all keys.

    A busy machine slows both; so the bound in ms is loose and the one beside WRatio is not.
    """
    names = _fifty_thousand()
    index = NameIndex(names)
    keys = [roman_key(name) for _, name in names]
    queries = [name for _, name in random.Random(7).sample(names, 60)]
    ours, plain = [], []
    for query in queries:
        begun = time.thread_time()
        best = index.possible(query)[0]
        ours.append((time.thread_time() - begun) * 1_000)
        begun = time.thread_time()
        process.extract(roman_key(query), keys, scorer=fuzz.WRatio, limit=20)
        plain.append((time.thread_time() - begun) * 1_000)
        assert best.score == 100
    assert statistics.median(ours) <= statistics.median(plain)
    assert statistics.median(ours) <= 100
