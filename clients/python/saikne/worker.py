"""Who works at this computer, and how the centre is reached, for the options that ask for them.

Kept in the centre's home, for the owner's eyes only. What is typed on a command line goes before it.
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from saikne.home import home_directory, write_private
from saikne.problems import LocalRefusal
from saikne_schemas.vocabulary import DeliveryChannel

_FILE = "profile.json"


class ProfileUnreadable(LocalRefusal):
    """The file is not what was written."""

    code = "profile.unreadable"


@dataclass(frozen=True)
class Reached:
    """Where a centre gets its post, its calls and its mail."""

    address: str | None = None
    email: str | None = None
    phone: str | None = None

    def lacks(self, way: DeliveryChannel) -> str | None:
        """What has to be known for copies to come this way."""
        if way is DeliveryChannel.REGISTERED_POST:
            return None if self.address else "address"
        if way is DeliveryChannel.IN_PERSON:
            return None if self.phone or self.email else "phone"
        return None if self.email else "email"

    def said(self) -> tuple[str, ...]:
        """As a letter's head says it."""
        return tuple(one for one in (self.address, self.phone, self.email) if one)


@dataclass(frozen=True)
class Profile:
    name: str | None = None
    position: str | None = None
    organisation: str | None = None
    address: str | None = None
    """Where the centre gets its post."""
    email: str | None = None
    phone: str | None = None

    @classmethod
    def at(cls, home: Path | None = None) -> "Profile":
        """What is kept; nothing where nobody has said who works here."""
        file = home_directory(home) / _FILE
        if not file.exists():
            return cls()
        try:
            written = json.loads(file.read_bytes())
            return cls(**{name: str(value) for name, value in written.items() if value is not None})
        except (ValueError, TypeError, AttributeError) as error:
            raise ProfileUnreadable(path=str(file)) from error

    def keep(self, home: Path | None = None) -> None:
        file = home_directory(home) / _FILE
        write_private(file, json.dumps(asdict(self), ensure_ascii=False, indent=1).encode(), replace=True)

    @property
    def reached(self) -> Reached:
        return Reached(self.address, self.email, self.phone)

    def knowing(self, reached: Reached) -> "Profile":
        """With how the centre is reached where that is not kept yet."""
        return replace(
            self,
            address=self.address or reached.address,
            email=self.email or reached.email,
            phone=self.phone or reached.phone,
        )

    def answers(self) -> dict[str, str]:
        """By parameter of a verb what this person would type there."""
        known = {"officer": self.name, "position": self.position, "organisation": self.organisation}
        known |= {"sender_address": self.address, "sender_email": self.email, "sender_phone": self.phone}
        if self.name and self.position:
            known |= dict.fromkeys(_PERSONS, f"{self.name};{self.position}")
        return {name: value for name, value in known.items() if value}


_PERSONS = ("by", "signed_by", "signer", "spoken_by")
"""Parameters that take the one who acts, as `NAME;POSITION`."""
_SENDER = ("sender_address", "sender_email", "sender_phone")
"""Parameters that say how this centre is reached."""
ANSWERED = frozenset({"officer", "position", "organisation", *_PERSONS, *_SENDER})
"""Every parameter that a profile can answer."""
