"""The checklist of an observer: complete, in both languages, and an error names its line."""

import pytest

from hrdtracker.proceedings.checklists import (
    HEADER,
    AnswerKind,
    BrokenChecklist,
    QuestionPart,
    checklist,
    read_checklist,
)

GOOD = "public,hearing,yes_no,no,14(1),CPC 316,Was it public?,តើសាធារណៈឬទេ?,general knowledge"


def text(*rows: str) -> str:
    return "\n".join([",".join(HEADER), *rows]) + "\n"


def test_the_checklist_has_28_questions_in_every_part_and_both_languages() -> None:
    questions = checklist()
    assert len(questions) == 28
    assert {question.part for question in questions} == set(QuestionPart)
    assert all(any("\u1780" <= sign <= "\u17ff" for sign in one.words["km"]) for one in questions)


def test_what_is_answered_in_words_proposes_nothing() -> None:
    in_words = [one for one in checklist() if not one.choices]
    assert {one.answer for one in in_words} == {
        AnswerKind.TIMES,
        AnswerKind.AGE,
        AnswerKind.TEXT,
    }
    assert all(not one.concern for one in in_words)


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
    ],
)
def test_each_question_says_which_answer_is_a_concern(
    key: str,
    answer: str,
    is_concern: bool,  # noqa: FBT001 - a table of decisions
) -> None:
    (question,) = [one for one in checklist() if one.key == key]
    assert question.is_concern(answer) is is_concern


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([GOOD, GOOD], "Line 3: “public” stands twice."),
        ([GOOD.replace("hearing", "moon")], "Line 2: there is no part “moon”."),
        ([GOOD.replace("yes_no", "shrug")], "Line 2: there is no kind of answer “shrug”."),
        ([GOOD.replace(",no,", ",none,")], "Line 2: “none” is no answer to it."),
        ([GOOD.replace("Was it public?", "")], "Line 2: question_en is empty."),
    ],
)
def test_a_checklist_that_does_not_hold_says_which_line(rows: list[str], sentence: str) -> None:
    with pytest.raises(BrokenChecklist) as why:
        read_checklist(text(*rows))
    assert str(why.value) == sentence


def test_a_checklist_with_other_columns_is_refused() -> None:
    with pytest.raises(BrokenChecklist):
        read_checklist("key,part\n")
