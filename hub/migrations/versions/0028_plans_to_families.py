"""The hub sends plans to families: what was begun, and where, wrapped beside the password."""

from hub.migrations import run_script_of

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
