"""What counts from a day that the hub established says until when a centre may object to that day."""

from hub.migrations import run_script_of

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
