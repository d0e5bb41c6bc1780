"""Whose word a confirmation is: what was handed out, the register's signing keys, what it signed."""

from hub.migrations import run_script_of

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
