"""How much of a centre's work waits: requests upon another centre, documents declared and not dispatched.

Counted by the database, inside queries that are made anyway where there are such. The bounds: `web.limits`.
"""

from hub.exchange.store import OPEN
from hub.kernel.ids import CentreId
from hub.plumbing.database import Tx, fetch
from saikne_schemas.vocabulary import ExchangeKind, SideRole


def open_upon(at_most: int) -> str:
    """How many requests of the first of two centres wait upon the second, counted so far: SQL."""
    asked = f"requester_id = $1 AND holder_id = $2 AND kind <> '{ExchangeKind.CHILD_INFORMATION.value}'"
    return _count(SideRole.REQUESTER, asked, at_most)


def offered_to(at_most: int) -> str:
    """The same of what the first has offered to the second."""
    offers = f"holder_id = $1 AND requester_id = $2 AND kind = '{ExchangeKind.CHILD_INFORMATION.value}'"
    return _count(SideRole.HOLDER, offers, at_most)


def _count(role: SideRole, between: str, at_most: int) -> str:
    return (
        "(SELECT count(*) FROM (SELECT FROM hub.side"  # noqa: S608  # our own words
        f" WHERE tenant_id = $1 AND role = '{role.value}' AND {between} AND state IN ({OPEN})"
        f" LIMIT {at_most}) AS open)"
    )


_PREPARED = """
    SELECT coalesce(sum(document.bytes), 0)::bigint FROM hub.side
    JOIN hub.exchange USING (exchange_id)
    JOIN hub.document ON document.exchange_id = exchange.exchange_id AND document.round = exchange.round
    WHERE side.tenant_id = $1 AND side.role = 'holder' AND side.state = 'preparing'
"""


async def prepared_bytes(tx: Tx, holder: CentreId) -> int:
    """Of all documents that a centre has declared and not yet dispatched."""
    (row,) = await fetch(tx, _PREPARED, holder)
    return int(row[0])
