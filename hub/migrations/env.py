"""How Alembic runs here: on the connection it is given, inside the caller's transaction."""

from alembic import context

from hub.migrations import SCHEMA
from hub.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table_schema=SCHEMA,
    include_schemas=True,
    include_name=lambda name, kind, _parents: kind != "schema" or name == "hub",
    compare_server_default=True,
)
context.run_migrations()
