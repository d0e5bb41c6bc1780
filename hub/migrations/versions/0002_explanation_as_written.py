"""The explanation of a term is kept as it was written: nothing searches it, so nothing takes it apart."""

from hub.migrations import run_script_of

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
