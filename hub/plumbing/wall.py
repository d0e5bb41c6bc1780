"""The tenant wall as the database keeps it: one forced policy a table, by the table's kind.

A table says its kind in `Table(..., info={"wall": ..., "grant": ...})`; `raise_wall` gives the statements
that a migration runs for it. Source: security.md 4.
"""

from enum import StrEnum

from sqlalchemy import Table

from hub.plumbing.database import APP_ROLE, OWNER_ROLE


class Wall(StrEnum):
    TENANT = "tenant"
    """Rows of one centre: `tenant_id` comes first in the primary key."""
    SHARED = "shared"
    """The common record of an exchange: reached by `exchange_id` by a centre that has a side there."""
    MATTER = "matter"
    """What the parties of a matter share: reached by `matter_id` by a centre that is a party."""
    NAMED = "named"
    """Rows that name in `parties` whoever may reach them."""
    COMMON = "common"
    """What every centre may read: the directory, calendars, public keys."""


PARTIES = """
CREATE FUNCTION hub.parties() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('hub.parties', true), '')::uuid[] $$
"""

_SEES = {
    Wall.TENANT: "tenant_id = ANY ((SELECT hub.parties())::uuid[])",
    Wall.SHARED: (
        "EXISTS (SELECT FROM hub.side WHERE side.exchange_id = {table}.exchange_id"
        " AND side.role <> 'oversight' AND side.tenant_id = ANY ((SELECT hub.parties())::uuid[]))"
    ),
    Wall.MATTER: (
        "EXISTS (SELECT FROM hub.party WHERE party.matter_id = {table}.matter_id"
        " AND party.role <> 'oversight' AND party.tenant_id = ANY ((SELECT hub.parties())::uuid[]))"
    ),
    Wall.NAMED: "parties && (SELECT hub.parties())::uuid[]",
    Wall.COMMON: "true",
}

ROLES = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER_ROLE}') THEN
    CREATE ROLE {OWNER_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
    CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
END $$
"""  # noqa: S608  # both names are constants

SCHEMAS = f"""
DO $$ DECLARE wanted text; BEGIN
  FOREACH wanted IN ARRAY ARRAY['hub', 'queue', 'migration'] LOOP
    IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = wanted) THEN
      EXECUTE format('CREATE SCHEMA %I AUTHORIZATION {OWNER_ROLE}', wanted);
      EXECUTE format('GRANT USAGE ON SCHEMA %I TO {APP_ROLE}', wanted);
    END IF;
  END LOOP;
END $$
"""


def raise_wall(table: Table) -> list[str]:
    return wall(table.name, Wall(table.info["wall"]), table.info["grant"])


def wall(table: str, kind: Wall, grant: str) -> list[str]:
    """The statements that put one table behind the wall and give the application what it needs of it."""
    sees = _SEES[kind].format(table=table)
    return [
        f"ALTER TABLE hub.{table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE hub.{table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY wall ON hub.{table} USING ({sees}) WITH CHECK ({sees})",
        f"GRANT {grant} ON hub.{table} TO {APP_ROLE}",
    ]
