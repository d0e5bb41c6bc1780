"""People: persons of a centre, their passkeys, what leads to them, and who is signed in."""

from hub.migrations import run_script_of

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
