"""A password may be prolonged by its requester: how often that was."""

from hub.migrations import run_script_of

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
