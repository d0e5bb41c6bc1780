"""A centre's own system and its people: addresses to return to, pushed requests, what was approved."""

from hub.migrations import run_script_of

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
