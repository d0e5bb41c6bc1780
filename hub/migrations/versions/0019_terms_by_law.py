"""Which edition a term was last counted by, and why it moved; a year is confirmed for proclaimed days too."""

from hub.migrations import run_script_of

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
