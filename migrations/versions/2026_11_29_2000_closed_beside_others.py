"""What names somebody only beside other columns is closed: it needs the keys, as every start does."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "closed_beside_others"
down_revision = "sensitivity_of_entries"
branch_labels = None
depends_on = None

AT_ONCE = 2000
PAYEES = "ix_support_request_payee"
Turn = Callable[[Any], Any]


class Column(NamedTuple):
    """A column that is closed: how it was kept, and how its value is read from words."""

    table: str
    name: str
    kind: Any
    read: Turn = str
    required: bool = False
    fixed: bool = False

    @property
    def closed(self) -> str:
        """Return the name of the column that holds it closed."""
        return f"{self.name}_closed"

    @property
    def place(self) -> str:
        """Return what its ciphertexts are bound to."""
        return f"{self.table}.{self.name}"


COLUMNS = (
    Column("user_account", "login", sa.String(64), required=True, fixed=True),
    Column("person", "age", sa.Integer(), int),
    Column("person", "age_on", sa.Date(), date.fromisoformat),
    Column("person", "interpreter_language", sa.String(8)),
    Column("incident", "district", sa.String(4)),
    Column("incident", "commune", sa.String(6)),
    Column("incident", "country", sa.String(2)),
    Column("incident", "platform", sa.String(40)),
    Column("incident", "lawyer_contacted", sa.String(8)),
    Column("source", "connection", sa.String(40), required=True),
    Column("source", "reliability", sa.String(40)),
    Column("source", "material", sa.String(40)),
    Column("support_request", "payee_code", sa.String(12)),
    Column("payment", "payee_code", sa.String(12), required=True),
)


def upgrade() -> None:
    """Close each value and drop what lay open. The trail keeps what was written there before."""
    vault = _vault()
    for column in COLUMNS:
        op.add_column(column.table, sa.Column(column.closed, sa.LargeBinary(), nullable=True))
        _move(column, column.name, column.closed, _closing(vault, column))
    op.drop_index(PAYEES, "support_request")
    with op.batch_alter_table("person") as batch:
        batch.drop_constraint(op.f("age_is_in_human_bounds"), type_="check")
        batch.drop_constraint(op.f("an_age_is_of_a_day"), type_="check")
    with op.batch_alter_table("user_account") as batch:
        batch.drop_constraint(op.f("uq_user_account_login"), type_="unique")
    for table, columns in _by_table():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column.name)
                if column.required:
                    batch.alter_column(
                        column.closed, existing_type=sa.LargeBinary(), nullable=False
                    )
    with op.batch_alter_table("person") as batch:
        batch.create_check_constraint(
            op.f("an_age_is_of_a_day"), "age_closed IS NULL OR age_on_closed IS NOT NULL"
        )
    with op.batch_alter_table("user_account") as batch:
        batch.create_unique_constraint(op.f("uq_user_account_login_closed"), ["login_closed"])


def downgrade() -> None:
    """Open each value again."""
    vault = _vault()
    with op.batch_alter_table("person") as batch:
        batch.drop_constraint(op.f("an_age_is_of_a_day"), type_="check")
    with op.batch_alter_table("user_account") as batch:
        batch.drop_constraint(op.f("uq_user_account_login_closed"), type_="unique")
    for column in COLUMNS:
        op.add_column(column.table, sa.Column(column.name, column.kind, nullable=True))
        _move(column, column.closed, column.name, _opening(vault, column))
    for table, columns in _by_table():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column.closed)
                if column.required:
                    batch.alter_column(column.name, existing_type=column.kind, nullable=False)
    with op.batch_alter_table("person") as batch:
        batch.create_check_constraint(
            op.f("age_is_in_human_bounds"), "age IS NULL OR age BETWEEN 0 AND 120"
        )
        batch.create_check_constraint(
            op.f("an_age_is_of_a_day"), "age IS NULL OR age_on IS NOT NULL"
        )
    with op.batch_alter_table("user_account") as batch:
        batch.create_unique_constraint(op.f("uq_user_account_login"), ["login"])
    op.create_index(PAYEES, "support_request", ["organisation_id", "payee_code"])


def _vault() -> Any:
    """Return the keys with which the instance was unlocked."""
    return current_app.extensions["sqlalchemy"].session().info["vault"]


def _closing(vault: Any, column: Column) -> Turn:
    return lambda value: vault.close(column.place, str(value), fixed=column.fixed)


def _opening(vault: Any, column: Column) -> Turn:
    return lambda value: column.read(vault.open(column.place, bytes(value)))


def _by_table() -> Iterator[tuple[str, list[Column]]]:
    for table in dict.fromkeys(column.table for column in COLUMNS):
        yield table, [column for column in COLUMNS if column.table == table]


def _move(column: Column, source: str, target: str, turn: Turn) -> None:
    """Turn every value of one column into that of another, some thousand rows at a time."""
    kinds = {column.name: column.kind, column.closed: sa.LargeBinary()}
    table = sa.table(
        column.table, sa.column("id"), *(sa.column(name, kind) for name, kind in kinds.items())
    )
    bind = op.get_bind()
    rows = (
        sa.select(table.c.id, table.c[source])
        .where(table.c.id > sa.bindparam("after"), table.c[source].is_not(None))
        .order_by(table.c.id)
        .limit(AT_ONCE)
    )
    write = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("number"))
        .values({target: sa.bindparam("value", type_=kinds[target])})
    )
    after = 0
    while some := bind.execute(rows, {"after": after}).all():
        bind.execute(write, [{"number": number, "value": turn(value)} for number, value in some])
        after = some[-1][0]
