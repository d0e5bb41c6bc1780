"""Centres that are not in the hub: named by a member, spoken for by it, joined when they are admitted."""

from hub.migrations import run_script_of

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
