"""The checklist of an observer: complete, in both languages, and an error names its line."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from hrdtracker.access.actor import operator
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused
from hrdtracker.proceedings.checklists.book import known_rights, questions_of
from hrdtracker.proceedings.checklists.load import SHIPPED, load_checklist, load_first_checklist
from hrdtracker.proceedings.checklists.model import Checklist
from hrdtracker.proceedings.checklists.questions import (
    HEADER,
    AnswerKind,
    BrokenChecklist,
    ChecklistQuestion,
    QuestionPart,
    read_checklist,
)
from tests import make, observations

RIGHTS = frozenset({"iccpr_14_1", "iccpr_14_2"})
ENTRY = "entry,hearing,entry,refused,iccpr_14_1,CPC 316,Entry,ចូល,Let in?,ចូលបានទេ?,ours,verified"
GOOD = "public,hearing,yes_no,no,iccpr_14_1,CPC 316,Public,ជា,Was it public?,តើ?,ours,verified"


def text(*rows: str) -> str:
    return "\n".join([",".join(HEADER), *rows]) + "\n"


def question(answer: str, concern: str = "") -> ChecklistQuestion:
    row = GOOD.replace("yes_no,no,", f"{answer},{concern},")
    return read_checklist(text(ENTRY, row), RIGHTS)[1]


def shipped() -> tuple[ChecklistQuestion, ...]:
    return read_checklist(SHIPPED.read_text(encoding="utf-8"), known_rights())


@pytest.mark.usefixtures("unit")
def test_the_checklist_has_28_questions_in_every_part_and_both_languages() -> None:
    questions = [each for each in shipped() if each.number]
    assert len(questions) == 28
    assert {each.part for each in questions} == set(QuestionPart)
    words = [said["km"] for one in questions for said in (one.words, one.short)]
    assert all(any("\u1780" <= sign <= "\u17ff" for sign in said) for said in words)


@pytest.mark.usefixtures("unit")
def test_each_question_that_can_be_a_concern_names_a_right_of_the_list() -> None:
    assert all(each.rights for each in shipped() if each.concern)
    assert {right for each in shipped() for right in each.rights} == known_rights()


@pytest.mark.usefixtures("unit")
def test_what_is_answered_in_words_proposes_nothing() -> None:
    in_words = [one for one in shipped() if not one.choices]
    assert {one.answer for one in in_words} == {
        AnswerKind.TIMES,
        AnswerKind.AGE,
        AnswerKind.TEXT,
    }
    assert all(not one.concern for one in in_words)


@pytest.mark.usefixtures("unit")
@pytest.mark.parametrize(
    ("key", "answer", "is_concern"),
    [
        ("adequate_time", "partly", True),
        ("adequate_time", "yes", False),
        ("adequate_time", "unknown", False),
        ("torture_confession", "yes", True),
        ("torture_confession", "no", False),
        ("counsel", "none", True),
        ("present", "absent_summoned", False),
        ("present", "absent_not_summoned", True),
        ("entry", "refused", True),
        ("entry", "allowed", False),
    ],
)
def test_each_question_says_which_answer_is_a_concern(
    key: str,
    answer: str,
    is_concern: bool,  # noqa: FBT001 - a table of decisions
) -> None:
    (found,) = [one for one in shipped() if one.key == key]
    assert found.is_concern(answer) is is_concern


@pytest.mark.parametrize(
    ("kind", "said", "kept"),
    [
        ("yes_no", "partly", "partly"),
        ("presence", "absent_summoned", "absent_summoned"),
        ("counsel", "none", "none"),
        ("times", "8.30-10:05", "08:30-10:05"),
        ("times", " 8:30 - ", "08:30-"),
        ("times", "-17:00", "-17:00"),
        ("age", "17", "17"),
        ("age", "១៧", "17"),
        ("text", "Six months.", "Six months."),
    ],
)
def test_an_answer_is_read_by_the_type_of_its_question(kind: str, said: str, kept: str) -> None:
    assert question(kind).read(said) == kept


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("yes_no", "none"),
        ("presence", "yes"),
        ("counsel", "no"),
        ("times", "10:05-8:30"),
        ("times", "25:00-"),
        ("times", "08:61-"),
        ("times", "morning"),
        ("times", "-"),
        ("age", "young"),
        ("age", "121"),
        ("age", "-3"),
    ],
)
def test_an_answer_of_another_type_is_refused_beside_it(kind: str, said: str) -> None:
    with pytest.raises(Refused) as why:
        question(kind).read(said)
    assert set(why.value.reasons) == {"answer"}


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([ENTRY, GOOD, GOOD], "“public” stands twice."),
        ([ENTRY, GOOD.replace("hearing", "moon")], "Line 3: there is no part “moon”."),
        ([ENTRY, GOOD.replace("yes_no", "shrug")], "Line 3: there is no kind of answer “shrug”."),
        ([ENTRY, GOOD.replace(",no,", ",none,")], "Line 3: “none” is no answer to it."),
        ([ENTRY, GOOD.replace("Was it public?", "")], "Line 3: question_en is empty."),
        ([ENTRY, GOOD.replace("_14_1", "_99")], "Line 3: there is no right “iccpr_99”."),
        (
            [ENTRY, GOOD.replace("iccpr_14_1", "")],
            "Line 3: an answer that is a concern needs a right.",
        ),
        (
            [ENTRY, GOOD.replace("yes_no,no", "counsel,chosen appointed none unknown")],
            "Line 3: one answer must be no concern.",
        ),
        (
            [ENTRY.replace("hearing", "accused"), GOOD],
            "Line 2: whether one was let in is asked of the hearing.",
        ),
        (
            [ENTRY, GOOD.replace("public,", "Pub lic,", 1)],
            "Line 3: the key “Pub lic” is not 1 to 40 of a to z, 0 to 9 and _.",
        ),
        ([ENTRY, GOOD.replace("Public", "P" * 601)], "Line 3: short_en is too long."),
        ([ENTRY, "a,b"], "Line 3: there are 2 columns, not 12."),
        (
            [GOOD],
            "One line must ask whether the observer was let in, and others what they saw.",
        ),
        ([ENTRY], "One line must ask whether the observer was let in, and others what they saw."),
        ([ENTRY, '"'], "Line 3: unexpected end of data."),
    ],
)
def test_a_checklist_that_does_not_hold_says_which_line(rows: list[str], sentence: str) -> None:
    with pytest.raises(BrokenChecklist) as why:
        read_checklist(text(*rows), RIGHTS)
    assert sentence in why.value.faults


def test_every_fault_of_a_checklist_is_said_at_once() -> None:
    rows = [ENTRY, GOOD.replace("hearing", "moon"), GOOD.replace("yes_no", "shrug")]
    with pytest.raises(BrokenChecklist) as why:
        read_checklist(text(*rows), RIGHTS)
    assert len(why.value.faults) == 3


def test_a_checklist_has_an_end() -> None:
    rows = [GOOD.replace("public,", f"key_{number},", 1) for number in range(200)]
    with pytest.raises(BrokenChecklist) as why:
        read_checklist(text(ENTRY, *rows), RIGHTS)
    assert why.value.faults == ["There are more than 200 lines."]


def test_a_checklist_with_other_columns_is_refused() -> None:
    with pytest.raises(BrokenChecklist):
        read_checklist("key,part\n", RIGHTS)


# Loaded as data -----------------------------------------------------------------------------------


def loaded(file: Path) -> Checklist | None:
    organisation = make.organisation()
    return load_checklist(operator(organisation.id), organisation, file)


def count() -> int:
    return session().scalar(select(func.count(Checklist.id))) or 0


@pytest.mark.usefixtures("unit")
def test_a_file_with_a_fault_loads_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "own.csv"
    broken.write_text(text(ENTRY, GOOD.replace("hearing", "moon")), encoding="utf-8")
    with pytest.raises(BrokenChecklist):
        loaded(broken)
    assert count() == 0


@pytest.mark.usefixtures("unit")
@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * 1_000_001])
def test_a_file_that_is_no_text_of_a_checklist_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "own.csv"
    file.write_bytes(content)
    with pytest.raises(BrokenChecklist):
        loaded(file)


@pytest.mark.usefixtures("unit")
def test_an_own_checklist_is_another_version_and_the_program_does_not_replace_it(
    tmp_path: Path,
) -> None:
    organisation, own = make.organisation(), tmp_path / "own.csv"
    load_first_checklist(operator(organisation.id), organisation)
    own.write_text(text(ENTRY, GOOD), encoding="utf-8")
    made = loaded(own)
    assert made is not None
    assert (made.number, len(questions_of(made))) == (2, 2)
    load_first_checklist(operator(organisation.id), organisation)
    assert (loaded(own), count()) == (None, 2)


@pytest.mark.usefixtures("unit")
@pytest.mark.parametrize("login", ["admin", "director", "legal", "monitor"])
def test_only_the_operator_loads_a_checklist(login: str) -> None:
    with pytest.raises(NotAllowed):
        load_checklist(make.actor(login), make.organisation(), SHIPPED)


@pytest.mark.usefixtures("unit")
def test_an_answered_checklist_keeps_its_version(tmp_path: Path) -> None:
    before = observations.observed()
    observations.say(before, "witnesses", "no")
    own = tmp_path / "own.csv"
    own.write_text(text(ENTRY, GOOD), encoding="utf-8")
    loaded(own)
    after = observations.observed()
    assert (observations.seen(before).version, len(observations.seen(before).asked)) == (1, 22)
    assert observations.asked(before, "witnesses").said() == "no"
    assert (observations.seen(after).version, len(observations.seen(after).asked)) == (2, 1)
