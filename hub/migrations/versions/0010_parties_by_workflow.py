"""A party finds its matters of one workflow without reading through the others."""

from hub.migrations import run_script_of

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
