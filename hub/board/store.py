"""What the pages keep for a person: views of the work list, by name, behind the centre's wall."""

from sqlalchemy import Column, ForeignKeyConstraint, Table, Text, Uuid, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from hub.kernel.ids import CentreId
from hub.people.person import PersonId
from hub.people.store import person
from hub.plumbing.database import Tx, metadata

saved_view = Table(
    "saved_view",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("query", Text, nullable=False, comment="of the list's address"),
    ForeignKeyConstraint(
        ["tenant_id", "person_id"], [person.c.tenant_id, person.c.person_id], name="fk_saved_view_person"
    ),
    info={"wall": "tenant", "grant": "SELECT, INSERT, DELETE", "changes": "query"},
)


async def views_of(tx: Tx, tenant: CentreId, who: PersonId) -> list[tuple[str, str]]:
    """Name and query of each, by name."""
    mine = saved_view.c.tenant_id == tenant, saved_view.c.person_id == who
    asked = select(saved_view.c.name, saved_view.c.query).where(*mine).order_by(saved_view.c.name)
    return [(row.name, row.query) for row in await tx.execute(asked)]


async def keep_view(tx: Tx, tenant: CentreId, who: PersonId, name: str, query: str) -> None:
    kept = upsert(saved_view).values(tenant_id=tenant, person_id=who, name=name, query=query)
    same = [saved_view.c.tenant_id, saved_view.c.person_id, saved_view.c.name]
    await tx.execute(kept.on_conflict_do_update(index_elements=same, set_={"query": query}))


async def remove_view(tx: Tx, tenant: CentreId, who: PersonId, name: str) -> None:
    mine = saved_view.c.tenant_id == tenant, saved_view.c.person_id == who
    await tx.execute(delete(saved_view).where(*mine, saved_view.c.name == name))
