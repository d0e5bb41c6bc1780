"""The floor: every table of the first exchange, the wall before each, and the queue."""

from pathlib import Path
from typing import Any

from alembic import op

from hub.plumbing import promises
from hub.plumbing.database import APP_ROLE

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda raw: raw.execute(script))
    connection.run_async(lambda raw: raw.execute(promises.installation(APP_ROLE)))
