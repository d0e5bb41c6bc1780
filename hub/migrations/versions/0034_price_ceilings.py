"""The price ceiling of a centre's year, stated once and looked up by contracts about training."""

from hub.migrations import run_script_of

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
