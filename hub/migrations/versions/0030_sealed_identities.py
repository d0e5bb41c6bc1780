"""Who is meant, sealed from centre to centre: kept until the matter ends."""

from hub.migrations import run_script_of

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
