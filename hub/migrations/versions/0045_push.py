"""Browsers that tell people by push messages; and by which way somebody was told in the morning."""

from hub.migrations import run_script_of

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
