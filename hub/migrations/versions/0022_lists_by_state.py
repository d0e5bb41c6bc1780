"""Exchanges are listed by role and state along one index, whichever of them are wished."""

from hub.migrations import run_script_of

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
