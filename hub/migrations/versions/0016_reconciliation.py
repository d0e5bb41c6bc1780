"""What the register holds beside what the hub knows: extracts, differences, decisions about them."""

from hub.migrations import run_script_of

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
