"""What was found in a signed file stands beside the proof: in a word, and sealed who signed."""

from hub.migrations import run_script_of

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
