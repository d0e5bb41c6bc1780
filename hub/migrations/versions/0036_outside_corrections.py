"""The member that named an outside centre corrects how it is reached; what held before is kept."""

from hub.migrations import run_script_of

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
