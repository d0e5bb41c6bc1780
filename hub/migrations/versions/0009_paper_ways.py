"""Copies on paper: a wish without addresses, the way an answer takes, how it was handed over or posted."""

from hub.migrations import run_script_of

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
