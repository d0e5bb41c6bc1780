"""Every identifier has its own type. All are random UUIDs: nothing can be guessed from a neighbour."""

from typing import NewType
from uuid import UUID

CentreId = NewType("CentreId", UUID)
MatterId = NewType("MatterId", UUID)
ExchangeId = MatterId
"""Of a matter whose workflow is copies."""
StatementId = NewType("StatementId", UUID)
DutyId = NewType("DutyId", UUID)

OVERSIGHT = CentreId(UUID("00000000-0000-4000-8000-00006f766572"))
"""The tenant of the oversight bodies (method S17: which body it is can change, so it is not named here).
It has a side in every exchange and sees dates and states there, never content."""

REGISTRY = CentreId(UUID("00000000-0000-4000-8000-000061676973"))
"""The tenant of the register's side: it takes part in every registration, and in nothing else."""

OPERATOR = CentreId(UUID("00000000-0000-4000-8000-0000006f7074"))
"""The tenant of the people who keep the hub: they have sign-ins and a chain of events, and no matters."""
