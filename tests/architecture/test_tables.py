"""Every column has a class and every table says whether the trail records it: lists to review."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, LargeBinary, String, UniqueConstraint
from sqlalchemy.schema import Constraint

from hrdtracker.access.model import Scoped
from hrdtracker.codelists.files import LISTS
from hrdtracker.core.db import Base, Instant
from hrdtracker.core.declarations import field_of, record_labels
from hrdtracker.core.field import Grade
from hrdtracker.core.seal import Sealed, SealedRow, sealed_attributes
from hrdtracker.tables import MODELS
from tests.architecture.source import of_each
from tests.security.columns import declared

TABLES = Path(__file__).parents[1] / "security"
SECRET = {Grade.IDENTITY, Grade.NARRATIVE}
SENTENCE = re.compile(r"[a-z]+(_[a-z]+){2,}")
LONGEST_NAME = 63
PLAIN_WORDS = {
    "checklist.lines": "questions about any trial, in public",
    "clock.asks": "keys of what somebody could find out, no words",
    "support_request.said_later": "names of columns that a short request filled later, no words",
    # Texts of more than a code's length that lie open, each for a reason.
    "backup_plan.places": "folders and buckets",
    "backup_plan.recipients": "public keys",
    "backup_run.place": "a folder or a bucket",
    "disclosure.numbers": "sums, and people in rounded numbers only, as outsiders have them",
    "incident.origin_marks": "marks, not words",
    "office.name_en": "the name of an office",
    "office.name_km": "the name of an office",
    "organisation.name": "who runs the instance",
    "password.hash": "Argon2id",
    "proposal.change": "roles, settings and amounts, as in the columns they would change",
    "term.extra": "what a list knows besides",
    "term.label_en": "lists of terms are public",
    "term.label_km": "lists of terms are public",
    "term.source": "where a term is from",
    "public_holiday.name": "public holidays are public",
    "public_holiday.decree": "public holidays are public",
    "public_holiday.taken_away_by_decree": "public holidays are public",
    **dict.fromkeys(
        (
            f"legal_rule_version.{column}"
            for column in (
                "key",
                "clock",
                "classes",
                "applies",
                "requires",
                "amount",
                "at_least",
                "counting",
                "extends",
                "runs_from",
                "not_before",
                "disputed_from",
                "pauses",
                "stops",
                "law",
                "article",
                "says",
                "says_km",
                "sources",
                "disputed",
                "note",
            )
        ),
        "a published law, in our words",
    ),
    "legal_rule_version.reviewed_by": "the lawyer who stands for it, as they want to be named",
}
CODE_LENGTH = 80


def _read(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def _columns() -> dict[tuple[str, str], Any]:
    return {
        (model.__tablename__, column.name): column
        for model in MODELS
        for column in model.__table__.columns
    }


def _classes() -> dict[tuple[str, str], str]:
    return {(line["table"], line["column"]): line["class"] for line in _read("columns.csv")}


def test_every_column_is_declared() -> None:
    undeclared = [place for place in _columns() if field_of(*place) is None]
    assert undeclared == [], "map it with field, money_field, unsaid, technical, Sealed or Dated"


def test_the_reviewed_table_of_classes_says_what_is_declared() -> None:
    reviewed = [list(line.values()) for line in _read("columns.csv")]
    assert declared() == reviewed, "review the difference: python -m tests.security.columns"
    assert {line[2] for line in reviewed} == set(Grade)


def test_a_column_is_sealed_if_and_only_if_it_is_identity_or_narrative() -> None:
    sealed = {
        (model.__tablename__, column) for model in MODELS for column in sealed_attributes(model)
    }
    secret = {place for place, kind in _classes().items() if kind in SECRET}
    assert sealed == secret
    assert len(sealed) > 20


def test_only_identity_and_narrative_can_be_sealed() -> None:
    for grade in set(Grade) - SECRET:
        with pytest.raises(ValueError, match="identity or narrative"):
            Sealed(grade)


def test_a_codelist_that_a_column_names_is_there() -> None:
    named = {place: each.codelist for place in _columns() if (each := field_of(*place))}
    assert {place: name for place, name in named.items() if name and name not in LISTS} == {}
    assert len(set(named.values())) > 20


def test_what_holds_ciphertext_is_declared_as_sealed() -> None:
    sealed = {column for model in MODELS for column in sealed_attributes(model)}
    named = {column for _, column in _columns() if column.endswith("_sealed")}
    assert named == sealed


@of_each(lambda: MODELS)
def test_a_table_with_sealed_columns_has_a_key_for_each_row(model: type[Any]) -> None:
    if sealed_attributes(model):
        assert issubclass(model, SealedRow)


def test_no_long_text_lies_open_without_a_reason() -> None:
    long = {
        f"{table}.{name}"
        for (table, name), column in _columns().items()
        if isinstance(column.type, String) and (column.type.length or 10**9) > CODE_LENGTH
    }
    assert long - PLAIN_WORDS.keys() == set()


def test_every_table_says_whether_the_trail_records_it() -> None:
    reviewed = {
        line["table"]: (line["on the trail"], line["why not"]) for line in _read("audited.csv")
    }
    declared = {
        model.__tablename__: ("no" if model.unaudited else "yes", model.unaudited)
        for model in MODELS
    }
    assert declared == reviewed


def test_only_what_is_no_case_data_is_read_without_a_line_in_the_access_log() -> None:
    untraced = {model.__tablename__ for model in MODELS if getattr(model, "untraced", "")}
    assert untraced == {
        "authenticator_app",
        "held_form",
        "organisation",
        "trial_observation",
        "user_account",
    }


def test_every_table_has_one_model() -> None:
    assert sorted(model.__tablename__ for model in MODELS) == sorted(Base.metadata.tables)


def test_every_constraint_has_a_name_that_is_short_enough() -> None:
    named = [(each, str(each.name or "")) for each in _constraints()]
    assert len(named) > 100
    assert [str(each) for each, name in named if not name] == []
    assert [name for _, name in named if len(name) > LONGEST_NAME] == []


def test_a_check_is_named_by_a_sentence() -> None:
    checks = [str(each.name) for each in _constraints() if isinstance(each, CheckConstraint)]
    assert len(checks) > 10
    assert [name for name in checks if not SENTENCE.fullmatch(name)] == []


def _constraints() -> list[Constraint]:
    tables = Base.metadata.tables.values()
    return [each for table in tables for each in table.constraints]


def test_deleting_a_row_never_deletes_or_empties_another() -> None:
    links = [each for each in _constraints() if isinstance(each, ForeignKeyConstraint)]
    assert len(links) > 30
    assert [str(each.name) for each in links if each.ondelete or each.onupdate] == []


def test_an_instant_is_always_kept_in_utc() -> None:
    moments = {
        place: column.type
        for place, column in _columns().items()
        if place[1].endswith("_at") or place[1] in {"at", "wait_until"}
    }
    assert len(moments) > 20
    assert [place for place, kind in moments.items() if not isinstance(kind, Instant)] == []


def test_what_belongs_to_a_case_is_found_by_its_scope() -> None:
    scoped: list[Any] = [model for model in MODELS if issubclass(model, Scoped)]
    tables = [model.__table__ for model in scoped]
    assert len(tables) > 8
    assert [table.name for table in tables if not _begins_with_scope(table)] == []
    assert [table.name for table in tables if table.c.scope_id.nullable] == []


def _begins_with_scope(table: Any) -> bool:
    """Tell whether an index or a unique key finds rows by their scope."""
    unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    return any(next(iter(each.columns)).name == "scope_id" for each in [*table.indexes, *unique])


def test_bytes_are_sealed_or_keys() -> None:
    classes = _classes()
    binary = {place for place, each in _columns().items() if isinstance(each.type, LargeBinary)}
    plain = {place for place in binary if classes[place] == "C3"}
    assert plain == {("audit_entry", "payload")}


def test_every_table_that_the_trail_records_has_a_label() -> None:
    recorded = {line["table"] for line in _read("audited.csv") if line["on the trail"] == "yes"}
    assert recorded - record_labels().keys() == set()
