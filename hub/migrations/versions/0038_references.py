"""A case is found by its reference, or by how that begins, at any size."""

from hub.migrations import run_script_of

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
