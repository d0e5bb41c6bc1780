"""Registrations in the register: their way, their attempts, their sealed facts, the register's keys."""

from hub.migrations import run_script_of

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
