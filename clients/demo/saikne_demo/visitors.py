"""Four people whom the demo invites to the pages: of two centres, of oversight, and who keeps the hub."""

import asyncio
import json
from dataclasses import dataclass, field
from threading import Lock

from saikne_demo.story import Story, homes


@dataclass(frozen=True, slots=True)
class Visitor:
    who: str
    """As `look.page.<who>` calls it."""
    name: str
    position: str
    role: str

    @property
    def email(self) -> str:
        return f"{self.who}@saikne.example"


VISITORS = (
    Visitor("holder", "Baiba Vītola", "sociālā darbiniece", "social_worker"),
    Visitor("requester", "Laura Zariņa", "koordinatore", "coordinator"),
    Visitor("overseer", "Anna Liepa", "vecākā eksperte", "overseer"),
    Visitor("operator", "Jānis Ozols", "sistēmu administrators", "operator"),
)


@dataclass
class Guests:
    """Who is invited, and by which link each comes in next; every link lets in once."""

    story: Story
    speech: str
    links: dict[str, str] = field(default_factory=dict)
    _persons: dict[str, str] = field(default_factory=dict)
    _turn: Lock = field(default_factory=Lock)

    async def invite(self) -> None:
        """By the operator's command, each by itself."""
        await asyncio.gather(*(asyncio.to_thread(self._invite, one) for one in VISITORS))

    def again(self, who: str) -> None:
        """Another link for one of them; the one before it ends."""
        with self._turn:
            self._operate(who, "again", self._persons[who])

    def _invite(self, one: Visitor) -> None:
        said = ("--name", one.name, "--position", one.position, "--email", one.email, "--role", one.role)
        self._operate(one.who, "invite", *said, "--speaks", self.speech)

    def _operate(self, who: str, *words: str) -> None:
        centres = homes(self.story)
        at = ("--centre", str(centres[who].centre)) if who in centres else ()
        made = json.loads(self.story.stage.operate("person", *words, *at, "--json"))
        self.links[who], self._persons[who] = made["link"], made["person"]
