"""The database schema, step by step. Every step is written out and never changed once it has landed."""

from pathlib import Path
from typing import Any

from sqlalchemy import text

SCHEMA = "migration"
"""Where the number of the last step is kept: apart from the hub's own tables, all of which are walled."""

VERSION = text(f"SELECT version_num FROM {SCHEMA}.alembic_version")  # noqa: S608  # a constant

IS_THERE = text(f"SELECT to_regclass('{SCHEMA}.alembic_version')")  # as above


def run_script_of(step: str) -> None:
    """Run the SQL that lies beside a step's file: many statements, as they are written."""
    script = Path(step).with_suffix(".sql").read_text(encoding="utf-8")
    run(script)


def run(script: str) -> None:
    from alembic import op

    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda raw: raw.execute(script))
