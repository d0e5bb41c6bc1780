"""A party of an exchange is who its role says; what is open between two centres is found by both."""

from hub.migrations import run_script_of

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
