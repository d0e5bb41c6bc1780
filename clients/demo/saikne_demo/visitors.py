"""Four people whom the demo invites to the pages: of two centres, of oversight, and who keeps the hub."""

import json
from dataclasses import dataclass

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
    Visitor("requester", "Laura Zariņa", "koordinatore", "coordinator"),
    Visitor("holder", "Baiba Vītola", "koordinatore", "coordinator"),
    Visitor("overseer", "Anna Liepa", "vecākā eksperte", "overseer"),
    Visitor("operator", "Jānis Ozols", "sistēmu administrators", "operator"),
)


def invited(story: Story) -> dict[str, str]:
    """A link for each, as the operator's command prints it."""
    centres = homes(story)
    links = {}
    for one in VISITORS:
        at = ("--centre", str(centres[one.who].centre)) if one.who in centres else ()
        said = ("--name", one.name, "--position", one.position, "--email", one.email, "--role", one.role)
        links[one.who] = json.loads(story.stage.operate("person", "invite", *said, *at, "--json"))["link"]
    return links
