"""Which family of a centre has an open support plan."""

from hub.migrations import run_script_of

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
