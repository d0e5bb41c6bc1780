"""An exchange that is offered unasked: nothing is owed by a day."""

from hub.migrations import run_script_of

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
