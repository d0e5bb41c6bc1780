"""What the pages work with, put together once by the composition root."""

from dataclasses import dataclass, field
from datetime import timedelta

from hub.board.casework.news import News
from hub.exchange.office import Office
from hub.people.office import PeopleOffice
from hub.web.limits import Window

JOURNEYS_A_MINUTE = 120
"""To organisations' providers, from one address and to one process: a whole centre may call from one."""


@dataclass(frozen=True, slots=True)
class Board:
    people: PeopleOffice
    office: Office
    news: News
    journeys: Window = field(default_factory=lambda: Window(JOURNEYS_A_MINUTE, timedelta(minutes=1)))

    @property
    def secure(self) -> bool:
        return self.people.public_url.startswith("https:")

    @property
    def cookie(self) -> str:
        """A browser takes the first name from this host by TLS alone, and from no other path or domain."""
        return "__Host-saikne" if self.secure else "saikne"
