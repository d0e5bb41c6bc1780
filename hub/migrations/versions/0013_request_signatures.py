"""What a request relies on: a signed statement alone, or a file that may hold a qualified signature."""

from hub.migrations import run_script_of

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
