"""Oversight hears of late duties by rungs of its own, and a month's duties are counted along an index."""

from hub.migrations import run_script_of

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
