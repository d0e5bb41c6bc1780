"""The ways to the register: what each of them can do, whatever it is made of.

Source: features N10 (an outbox without an assumed API). A gateway knows entries and answers; of tasks, leases
and the hub it knows nothing. The same entry may be sent any number of times, by any number of jobs.
"""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from agis_sync.gateways.findings import Finding
from agis_sync.gateways.oddities import Odd
from saikne_schemas.register_entries import RegisterAnswer, RegisterEntry, RegisterExtract


class Gateway(Protocol):
    async def reach(self) -> list[Odd]:
        """Find out whether the register can be reached; `Unanswered` where not.

        Answers with what lies about there and is none of ours.
        """

    async def ask(self, key: UUID, revision: int) -> RegisterAnswer | None:
        """What the register says of the key, at this revision or the newest it holds; none: it has nothing.

        `Unanswered` where that could not be learnt.
        """

    async def send(self, entry: RegisterEntry) -> Finding:
        """Bring an entry to the register."""

    async def settle(self, entry: RegisterEntry) -> None:
        """Clear away what lies about for an entry whose outcome the hub has taken."""

    async def extract(self, page: int, taken_at: datetime | None) -> RegisterExtract:
        """A page of what the register holds; the first fixes `taken_at`, with which the others are asked."""

    async def close(self) -> None: ...
