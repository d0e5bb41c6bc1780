"""Who of a centre has opened the page of a record."""

from hub.migrations import run_script_of

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
