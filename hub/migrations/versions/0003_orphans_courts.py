"""The directory of orphans' courts: whom a centre tells of a family's move."""

from hub.migrations import run_script_of

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
