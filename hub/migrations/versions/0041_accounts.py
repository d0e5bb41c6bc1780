"""Accounts of people at their centre's own OpenID provider, which the operator registers."""

from hub.migrations import run_script_of

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
