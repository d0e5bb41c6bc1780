"""The day of what met a duty, where it was told of later."""

from hub.migrations import run_script_of

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
