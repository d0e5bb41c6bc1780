"""An exchange is a matter whose workflow is copies: one record, one party's row, one table of statements."""

from hub.migrations import run_script_of

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
