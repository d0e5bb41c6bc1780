"""The proofs that centres keep with the hub, behind the tenant wall."""

from hub.migrations import run_script_of

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
