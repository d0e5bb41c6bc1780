"""An open move of a family waits until its copies have come, also where an older hub has begun it."""

from hub.migrations import run_script_of

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
