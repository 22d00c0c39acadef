"""The first tables."""

from alembic import op

from govcheck.store.steps import statements

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes them."""
    for statement in statements(revision, "BYTEA"):
        op.execute(statement)
