"""Which family or child a request or a move is about, for its two centres: a second one is noticed."""

from hub.migrations import run_script_of

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
