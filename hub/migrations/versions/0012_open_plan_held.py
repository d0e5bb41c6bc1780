"""Whoever finds a family's open plan holds its row until it has answered."""

from hub.migrations import run_script_of

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
