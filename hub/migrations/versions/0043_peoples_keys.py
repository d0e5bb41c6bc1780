"""Keys of people: one that waits, who approved it, and what the person may state by it."""

from hub.migrations import run_script_of

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
