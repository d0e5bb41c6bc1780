"""Whether the other centre hears from the hub what was said: a centre outside of it has to be written to.

Source: method S57 (what passes between centres is in writing); domain 2.1. The hub sends such a centre no
notice, so nothing that is printed may say that it was told.
"""

from typing import TYPE_CHECKING, Any

from saikne.command.speaking_for import spoken_for
from saikne.command.speech import Console, known
from saikne_schemas.vocabulary import SideRole

if TYPE_CHECKING:
    from saikne.hub import Hub
    from saikne_schemas.views import ExchangeView


async def tell_done(console: Console, hub: "Hub", view: "ExchangeView", said: str, **facts: object) -> None:
    """That a statement about copies was taken, and who has to write of it to a centre outside of the hub.

    `said` may tell that the other centre is informed; then `said.outside` stands beside it and does not.
    """
    name = await _unreached(hub, view)
    in_its_words = name is not None and known(f"{said}.outside")
    console.tell(f"{said}.outside" if in_its_words else said, **facts)
    if name is not None:
        console.tell("heard.in-writing", name=name)


def tell_unreached(console: Console, view: Any) -> None:
    """Of a matter: each centre outside of the hub that owes something now, which it is to be written."""
    if spoken_for() is None:
        owes = (one.owner_name for one in view.duties if one.ended_at is None and one.owner_outside)
        for name in dict.fromkeys(owes):
            console.tell("heard.in-writing", name=name)


async def _unreached(hub: "Hub", view: "ExchangeView") -> str | None:
    """The other centre's name where it is outside of the hub and did not say this itself."""
    if spoken_for() is not None:
        return None
    asks = view.role is SideRole.REQUESTER
    other, name = (view.holder, view.holder_name) if asks else (view.requester, view.requester_name)
    outside = {one.id for one in await hub.outside_centres() if one.state == "outside"}
    return name if other in outside else None
