"""The mail by which a centre hears that there is something to look at: how many differences, nothing of them.

Source: features F54. Promised with the comparison; the letter of one extract to one centre is one letter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hub.kernel import clock
from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId
from hub.matters.casework.telling import mailbox_of
from hub.plumbing.database import Database
from hub.plumbing.outbound import Letter, Mail
from hub.wording.catalogue import LANGUAGES, text


@dataclass(frozen=True, slots=True)
class Notices:
    database: Database
    mail: Mail
    public_url: str
    now: Callable[[], datetime] = clock.now

    async def tell(self, payload: JsonObject) -> None:
        """Keep the promise `reconciliation.tell`."""
        tenant = CentreId(UUID(payload["to"]))
        async with self.database.transaction([tenant]) as tx:
            to = await mailbox_of(tx, tenant)
        facts = {"count": payload["found"], "hub": self.public_url}
        parts = [text("mail.register_differences", language, **facts) for language in LANGUAGES]
        letter = Letter(
            to=to,
            subject=text("mail.register_differences.subject", "lv"),
            text="\n\n".join(parts) + "\n",
            identity=f"{tenant}:register_differences:{payload['by']}:{payload['taken_at']}",
        )
        await self.mail.send(letter, self.now())
