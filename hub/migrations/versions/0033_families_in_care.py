"""Which families are in a centre's care, and when each is talked with next; from older plans too."""

from hub.migrations import run_script_of

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
