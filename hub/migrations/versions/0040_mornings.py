"""Who of a centre is told of what in the morning, and which letters went out."""

from hub.migrations import run_script_of

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
