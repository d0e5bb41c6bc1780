"""Matters between centres: their record, a row for each party, their statements; duties of any workflow."""

from hub.migrations import run_script_of

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
