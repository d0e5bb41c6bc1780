"""The tenant wall as the database keeps it: one forced policy a table, by the table's kind.

A table says its kind in `Table(..., info={"wall": ..., "grant": ...})`, and beside it the most that the
application may do there; `raise_wall` gives the statements for a migration to copy. Source: security.md 4.

    grant       rights upon whole rows; never UPDATE
    changes     the columns that a statement of the hub's ever updates, with spaces between
    written_by  the column that names the author, who has to be a tenant of the transaction
    changed_if  what has to hold of a row after it was changed
    deleted_if  what has to hold of a row that is deleted
    inserted_if what has to hold of a row that the application adds
"""

from enum import StrEnum

from sqlalchemy import Table

from hub.plumbing.database import APP_ROLE, OWNER_ROLE


class Wall(StrEnum):
    TENANT = "tenant"
    """Rows of one centre: `tenant_id` comes first in the primary key."""
    MATTER = "matter"
    """What the parties of a matter share: reached by `matter_id` by a centre that is a party."""
    EXCHANGE = "exchange"
    """The same of an exchange, reached by `exchange_id`."""
    NAMED = "named"
    """Rows that name in `parties` whoever may reach them."""
    COMMON = "common"
    """What every centre may read: the directory, calendars, public keys."""


PARTIES = """
CREATE FUNCTION hub.parties() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('hub.parties', true), '')::uuid[] $$
"""

_PARTIES = "(SELECT hub.parties())::uuid[]"
OF_THESE = f"ANY ({_PARTIES})"
"""The centres for which the transaction acts, for whatever column is compared with them."""
_TAKES_PART = (
    "EXISTS (SELECT FROM hub.party WHERE party.matter_id = {{table}}.{key}"
    f" AND party.role <> 'oversight' AND party.tenant_id = {OF_THESE})"
)
_SEES = {
    Wall.TENANT: f"tenant_id = {OF_THESE}",
    Wall.MATTER: _TAKES_PART.format(key="matter_id"),
    Wall.EXCHANGE: _TAKES_PART.format(key="exchange_id"),
    Wall.NAMED: f"parties && {_PARTIES}",
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
    """The statements that put one table behind the wall and give the application what it needs of it."""
    name, sees = table.name, _SEES[Wall(table.info["wall"])].format(table=table.name)
    return [
        f"ALTER TABLE hub.{name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE hub.{name} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY wall ON hub.{name} USING ({sees}) WITH CHECK ({sees})",
        *(f"CREATE POLICY {policy} ON hub.{name} {rule}" for policy, rule in limits(table).items()),
        *grants(table),
    ]


def limits(table: Table) -> dict[str, str]:
    """What holds for the application beside the wall: each narrows one deed, none opens anything."""
    info, only = table.info, f"TO {APP_ROLE}"
    rules = {}
    if author := info.get("written_by"):
        rules["author"] = f"AS RESTRICTIVE FOR INSERT {only} WITH CHECK ({author} = {OF_THESE})"
    if fits := info.get("inserted_if"):
        rules["entry"] = f"AS RESTRICTIVE FOR INSERT {only} WITH CHECK ({fits})"
    if kept := info.get("changed_if"):
        rules["change"] = f"AS RESTRICTIVE FOR UPDATE {only} USING (true) WITH CHECK ({kept})"
    if over := info.get("deleted_if"):
        rules["removal"] = f"AS RESTRICTIVE FOR DELETE {only} USING ({over})"
    return rules


def grants(table: Table) -> list[str]:
    rights = [table.info["grant"]]
    if changes := table.info.get("changes"):
        rights.append(f"UPDATE ({', '.join(changes.split())})")
    return [f"GRANT {', '.join(rights)} ON hub.{table.name} TO {APP_ROLE}"]
