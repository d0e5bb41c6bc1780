"""What a matter sends by mail: notices without personal data, that name the matter and where to look.

Source: features F54, 2.2. Promised with the deed or by the ladder of reminders; the worker keeps it at least
once, and the notice of one statement, or of one rung, is one letter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hub.centres import store as centres
from hub.duties.casework import still_owed
from hub.duties.duty import NAMED_BY_METHOD, DutyKind
from hub.duties.term import moved_facts
from hub.kernel import clock
from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId, MatterId
from hub.matters import store
from hub.plumbing.database import Database, Tx
from hub.plumbing.outbound import Letter, Mail
from hub.plumbing.promises import Overtaken
from hub.wording.catalogue import LANGUAGES, text
from saikne_schemas.moments import for_people

SHORT = 8
"""How many characters of an id stand for it in a subject."""


async def mailbox_of(tx: Tx, tenant: CentreId) -> str:
    """Where a centre gets notices. One that is not in the hub gets none: who deals with it tells it."""
    mailbox = await centres.notices_of(tx, tenant)
    if mailbox is None:
        raise Overtaken("not in the hub")
    return mailbox


@dataclass(frozen=True, slots=True)
class Notices:
    database: Database
    mail: Mail
    public_url: str
    now: Callable[[], datetime] = clock.now

    async def tell(self, payload: JsonObject) -> None:
        """Keep the promise `matters.tell`."""
        matter, tenant = MatterId(UUID(payload["matter"])), CentreId(UUID(payload["to"]))
        async with self.database.transaction([tenant]) as tx:
            to = await mailbox_of(tx, tenant)
            row = await store.find(tx, matter)
        if row is None:
            raise Overtaken("no such matter")
        of = {"about": payload["by"], **_days_of(row.content)}
        await self._send(to, matter, f"{row.workflow}.{payload['notice']}", tenant, of)

    async def remind(self, payload: JsonObject) -> None:
        """Keep the promise `matters.remind`: of one duty, by name."""
        matter, tenant = MatterId(UUID(payload["matter"])), CentreId(UUID(payload["to"]))
        async with self.database.transaction([tenant]) as tx:
            to = await mailbox_of(tx, tenant)
            owed = await still_owed(tx, tenant, UUID(payload["duty"]))
        facts = {
            "due": f"{owed.due_on:%d.%m.%Y}",
            "kind": owed.kind,
            "about": f"{payload['duty']}:{owed.rungs_told}:{owed.due_on}",
            **moved_facts(owed),
        }
        await self._send(to, matter, f"duty_{payload['notice']}", tenant, facts)

    async def _send(
        self, to: str, matter: MatterId, notice: str, tenant: CentreId, facts: dict[str, str]
    ) -> None:
        known = {"ref": str(matter)[:SHORT].upper(), "id": str(matter), "hub": self.public_url, **facts}
        parts = [_in_language(notice, language, known) for language in LANGUAGES]
        subject = text(f"mail.{notice}.subject", "lv", **known)
        identity = f"{matter}:{tenant}:{notice}:{facts['about']}"
        letter = Letter(to=to, subject=subject, text="\n\n".join(parts) + "\n", identity=identity)
        await self.mail.send(letter, self.now())


def _days_of(content: JsonObject) -> dict[str, str]:
    """The day of a move as it stands when its letter goes."""
    on = content.get("effective_on")
    return {} if on is None else {"effective_on": for_people(date.fromisoformat(on))}


def _in_language(notice: str, language: str, facts: dict[str, str]) -> str:
    undated = {"effective_on": text("mail.undated", language)}  # corrected since
    said = text(
        f"mail.{notice}", language, **{**undated, **facts}, **owed_in_words(facts.get("kind"), language)
    )
    return f"{said}\n{text('mail.matter.where', language, **facts)}"


def owed_in_words(kind: str | None, language: str) -> dict[str, str]:
    """What is owed, and whose its term is where the method names none: the facts of every reminder."""
    if kind is None:
        return {}
    by_hub = DutyKind(kind) not in NAMED_BY_METHOD
    return {
        "owed": text(f"duty.{kind}", language),
        "by_hub": f" {text('mail.by-hub', language)}" if by_hub else "",
    }
