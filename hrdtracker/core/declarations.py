"""What every column declares, found by the names that the trail keeps."""

from functools import cache
from typing import Any

from sqlalchemy import Column

from hrdtracker.core.db import Base, Entity
from hrdtracker.core.field import CLOSED, INFO, SUFFIX, Field


def column_of(table: str, name: str) -> Column[Any] | None:
    """Return a column by its name, `reason` or `reason_sealed`; None where there is none now."""
    if table not in Base.metadata.tables:
        return None
    columns = Base.metadata.tables[table].columns
    return columns.get(name.removesuffix(CLOSED), columns.get(f"{name}{SUFFIX}"))


def field_of(table: str, name: str) -> Field | None:
    """Return what is declared of a column; None where there is none now."""
    column = column_of(table, name)
    return column.info.get(INFO) if column is not None else None


@cache
def coded_columns(table: str) -> dict[str, str]:
    """Return the columns of a table that hold codes, each with the list that these are of."""
    declared = {column.key: column.info.get(INFO) for column in Base.metadata.tables[table].columns}
    return {name: field.codelist for name, field in declared.items() if field and field.codelist}


@cache
def record_labels() -> dict[str, str]:
    """Return what a row of each table is called."""
    models: list[type[Base]] = [mapper.class_ for mapper in Base.registry.mappers]
    return {model.__tablename__: model.record_label for model in models if model.record_label}


@cache
def models() -> dict[str, type[Entity]]:
    """Return the model of every table of records."""
    every = (mapper.class_ for mapper in Base.registry.mappers)
    return {each.__tablename__: each for each in every if issubclass(each, Entity)}
