"""What the pages work with, put together once by the composition root."""

from dataclasses import dataclass

from hub.exchange.office import Office
from hub.people.office import PeopleOffice


@dataclass(frozen=True, slots=True)
class Board:
    people: PeopleOffice
    office: Office

    @property
    def secure(self) -> bool:
        return self.people.public_url.startswith("https:")

    @property
    def cookie(self) -> str:
        """A browser takes the first name from this host by TLS alone, and from no other path or domain."""
        return "__Host-saikne" if self.secure else "saikne"
