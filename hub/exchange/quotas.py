"""How much of a centre's work waits: requests upon another centre, documents declared and not dispatched.

Counted by the database, inside queries that are made anyway where there are such. The bounds: `web.limits`.
"""

from hub.exchange.store import OPEN, UNDER_WAY
from hub.kernel.ids import CentreId
from hub.matters.store import COPIES
from hub.plumbing.database import Tx, fetch
from saikne_schemas.vocabulary import ExchangeKind

_OFFERED = ExchangeKind.CHILD_INFORMATION.value


def open_upon(at_most: int) -> str:
    """How many requests of the first of two centres wait upon the second, counted so far: SQL."""
    return _count(f"parties[1] = $1 AND parties[2] = $2 AND kind <> '{_OFFERED}'", at_most)


def offered_to(at_most: int) -> str:
    """The same of what the first has offered to the second."""
    return _count(f"parties[1] = $2 AND parties[2] = $1 AND kind = '{_OFFERED}'", at_most)


def _count(between: str, at_most: int) -> str:
    return (
        "(SELECT count(*) FROM (SELECT FROM hub.party"  # noqa: S608  # our own words
        f" WHERE tenant_id = $1 AND {COPIES} AND {UNDER_WAY} AND {OPEN} AND {between}"
        f" LIMIT {at_most}) AS open)"
    )


_PREPARED = f"""
    SELECT coalesce(sum(document.bytes), 0)::bigint FROM hub.party
    JOIN hub.document ON document.exchange_id = party.matter_id
    WHERE party.tenant_id = $1 AND party.role = 'holder' AND {COPIES} AND party.state = 'preparing'
        AND document.round = (SELECT max(round) FROM hub.answer WHERE answer.exchange_id = party.matter_id)
"""  # noqa: S608  # our own words


async def prepared_bytes(tx: Tx, holder: CentreId) -> int:
    """Of all documents that a centre has declared and not yet dispatched."""
    (row,) = await fetch(tx, _PREPARED, holder)
    return int(row[0])
