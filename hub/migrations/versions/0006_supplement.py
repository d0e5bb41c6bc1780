"""More that is asked for within the same exchange, and the receipts of what was answered before."""

from hub.migrations import run_script_of

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
