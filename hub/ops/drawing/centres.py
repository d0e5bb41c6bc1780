"""The drawn centres: invented names, well-formed sample numbers, mailboxes that nobody outside has.

They have no keys, so nobody can say anything in their place, and no chain, since nothing happened to them.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

from hub.centres import store
from hub.centres.centre import CentreRole, CentreState
from hub.kernel.ids import CentreId
from hub.plumbing.database import Tx
from hub.plumbing.rows import Rows, insert
from saikne_schemas.registration_numbers import is_registration_number
from saikne_schemas.vocabulary import CalendarPolicy, Scope

AGREED_ON = date(2026, 1, 5)
_NAMES = (
    *("Ābele", "Atvasara", "Avots", "Austra", "Bērztāle", "Ceļmalas", "Dīķmalas", "Dzintars", "Dzērve"),
    *("Gaisma", "Gaujmala", "Kaimiņi", "Krasts", "Laipa", "Lielupe", "Magnolija", "Mežmala", "Pīlādži"),
    *("Pūpols", "Rasa", "Rīts", "Saime", "Sēlija", "Strautiņi", "Tilts", "Vējzaķi", "Zīle"),
)
_PLAIN = str.maketrans("āčēģīķļņšūž", "acegiklnsuz")
_MOVED_DAYS_EVERY = 4
"""Every so many of them counts by the calendar with moved days."""


async def enter(tx: Tx, now: datetime) -> Sequence[CentreId]:
    """Write them into the directory."""
    drawn = dict(zip(ids(), _NAMES, strict=True))
    numbers = dict(zip(_NAMES, _numbers(), strict=False))
    entities = [{"registration_number": numbers[one], "name": f"Biedrība „{one}”"} for one in _NAMES]
    rows = [
        {
            "id": identity,
            "registration_number": numbers[name],
            "name": f"Atbalsta centrs „{name}”",
            "role": CentreRole.CENTRE.value,
            "state": CentreState.ACTIVE.value,
            "scopes": [Scope.EXCHANGE.value],
            "calendar": (CalendarPolicy.STATUTORY if n % _MOVED_DAYS_EVERY else CalendarPolicy.MOVED).value,
            "agreement_version": "2026-1",
            "agreement_signed_on": AGREED_ON,
            "admitted_at": now,
        }
        for n, (identity, name) in enumerate(drawn.items())
    ]
    reached = [
        {"tenant_id": identity, "authorised_persons": [], "since": now, **_reached(n, name)}
        for n, (identity, name) in enumerate(drawn.items())
    ]
    for table, of_table in (
        (store.legal_entities, entities),
        (store.centres, rows),
        (store.contacts_table, reached),
    ):
        await insert(tx, Rows(table, of_table))
    return list(drawn)


def ids() -> list[CentreId]:
    """Known before they are written: the transaction acts for them."""
    return [CentreId(uuid5(NAMESPACE_URL, f"saikne:drawn:{name}")) for name in _NAMES]


def _reached(n: int, name: str) -> dict[str, str]:
    host = f"{name.lower().translate(_PLAIN)}.example"
    return {
        "notices": f"pazinojumi@{host}",
        "archive_email": f"lietas@{host}",
        "password_phone": f"+3712000{1000 + n}",
    }


def _numbers() -> Iterable[str]:
    """Sample numbers whose check digit is right, from a stretch that the demo's own centres leave free."""
    every = (f"400080{n:05}" for n in range(50_000, 60_000))
    return (number for number in every if is_registration_number(number))
