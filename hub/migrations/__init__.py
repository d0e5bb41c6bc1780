"""The database schema, step by step. Every step is written out and never changed once it has landed."""

from sqlalchemy import text

SCHEMA = "migration"
"""Where the number of the last step is kept: apart from the hub's own tables, all of which are walled."""

VERSION = text(f"SELECT version_num FROM {SCHEMA}.alembic_version")  # noqa: S608  # a constant

IS_THERE = text(f"SELECT to_regclass('{SCHEMA}.alembic_version')")  # as above
