"""Audit: every chain is checked twice, by this program and by the database, and both must agree.

Two ways, because whoever could edit a chain could also edit the function that checks it.
Source: security.md 3.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from hub.evidence import store
from hub.evidence.chain import BEFORE_THE_FIRST, Flaw, Head, Verdict, verify
from hub.kernel.ids import CentreId
from hub.plumbing.database import Tx


@dataclass(frozen=True, slots=True)
class Audit:
    """One chain by both checks. `verdict` is this program's, `by_database` the first flaw found in SQL."""

    tenant: CentreId
    verdict: Verdict
    by_database: tuple[Flaw, int] | None

    @property
    def holds(self) -> bool:
        return self.verdict.holds and self.by_database is None


async def audit(tx: Tx, tenants: Iterable[CentreId]) -> list[Audit]:
    """Check the chains of these tenants from their first event to their end."""
    wanted = set(tenants)
    by_database = await store.flaws(tx, wanted)
    verdicts: dict[CentreId, Verdict] = {}
    ends: dict[CentreId, Head] = {}
    async for tenant, end, events in store.chains(tx, wanted):
        ends[tenant] = end or Head(0, BEFORE_THE_FIRST)
        verdicts[tenant] = verify(events, after=verdicts.get(tenant))
    return [
        Audit(tenant, verify([], head=ends[tenant], after=verdict), by_database.get(tenant))
        for tenant, verdict in sorted(verdicts.items())
    ]
