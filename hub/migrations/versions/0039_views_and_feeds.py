"""Views of the work list under a person's own names, and a calendar that is read by its address."""

from hub.migrations import run_script_of

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
