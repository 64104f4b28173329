"""Several authors' drafts may name the same person in a case, each unknown to the others."""

import sqlalchemy as sa
from alembic import op

revision = "whose_drafts_name_a_person"
down_revision = "first_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make of the one author a row among any number, and keep whether something sent names them."""
    op.create_table(
        "person_scope_draft",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["user_account.id"],
            name=op.f("fk_person_scope_draft_author_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "scope_id"],
            ["person_scope.person_id", "person_scope.scope_id"],
            name=op.f("fk_person_scope_draft_person_id_person_scope"),
        ),
        sa.PrimaryKeyConstraint(
            "person_id", "scope_id", "author_id", name=op.f("pk_person_scope_draft")
        ),
    )
    op.execute(
        "INSERT INTO person_scope_draft (person_id, scope_id, author_id) "
        "SELECT person_id, scope_id, draft_of_id FROM person_scope WHERE draft_of_id IS NOT NULL"
    )
    with op.batch_alter_table("person_scope") as batch_op:
        batch_op.add_column(
            sa.Column("is_told", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    op.execute("UPDATE person_scope SET is_told = (draft_of_id IS NULL)")
    with op.batch_alter_table("person_scope") as batch_op:
        batch_op.alter_column("is_told", server_default=None)
        batch_op.drop_constraint(
            op.f("fk_person_scope_draft_of_id_user_account"), type_="foreignkey"
        )
        batch_op.drop_column("draft_of_id")


def downgrade() -> None:
    """Keep one author of a person whom only drafts name."""
    with op.batch_alter_table("person_scope") as batch_op:
        batch_op.add_column(sa.Column("draft_of_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_person_scope_draft_of_id_user_account"),
            "user_account",
            ["draft_of_id"],
            ["id"],
        )
    op.execute(
        "UPDATE person_scope SET draft_of_id = (SELECT min(author_id) FROM person_scope_draft AS d"
        " WHERE d.person_id = person_scope.person_id AND d.scope_id = person_scope.scope_id)"
        " WHERE NOT is_told"
    )
    with op.batch_alter_table("person_scope") as batch_op:
        batch_op.drop_column("is_told")
    op.drop_table("person_scope_draft")
