"""Beside the key that signs a centre has one that opens what others seal to it."""

from hub.migrations import run_script_of

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
