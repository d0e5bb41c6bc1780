"""Which exchanges are open between two centres, by an index: a quota is asked at every request."""

from hub.migrations import run_script_of

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
