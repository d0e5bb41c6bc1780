"""The application's rights are as narrow as its statements: columns, authors, what may be forgotten."""

from hub.migrations import run_script_of

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
