"""The floor: every table of the first exchange, the wall before each, and the queue."""

from hub.migrations import run, run_script_of
from hub.plumbing import promises
from hub.plumbing.database import APP_ROLE

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
    run(promises.installation(APP_ROLE))
