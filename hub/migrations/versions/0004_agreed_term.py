"""A later day that both sides agreed on, beside the day as first counted; and the proposal that stands."""

from hub.migrations import run_script_of

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
