"""What the routes and jobs of plans work with, put together once by the composition root."""

from dataclasses import dataclass
from datetime import timedelta

from hub.matters.office import MattersOffice
from hub.plumbing.blobs import Blobs
from hub.plumbing.outbound import carried_bytes
from hub.web.bodies import Wait
from hub.web.uploads import Entrance


@dataclass(frozen=True, slots=True)
class PlansOffice(MattersOffice):
    """That of all matters, with what a plan needs on its way to a family."""

    blobs: Blobs
    entrance: Entrance
    """The same that the other uploads of a centre pass: together they take so many places."""
    upload_wait: Wait
    preparation_time: timedelta
    """How long a sending may be under way before the hub takes it back."""
    attachment_bytes: int
    """What a mail carries at most, as base64."""

    @property
    def bytes_at_most(self) -> int:
        """How long an archive may be that goes to a family."""
        return carried_bytes(self.attachment_bytes)
