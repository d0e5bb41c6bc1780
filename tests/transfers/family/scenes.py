"""Two centres and a family between them, as the rules of its move are told."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

from hub.kernel.ids import CentreId
from hub.matters.workflow import Scene
from hub.transfers.courts import from_the_start
from hub.transfers.family.steps import DONE_BY_BOTH
from hub.workdays.calendars import Policy
from hub.workdays.seed import seed_calendars
from saikne.statements import compose
from saikne_schemas.family_move_words import FamilyMoveRole, NoticeChannel
from saikne_schemas.family_moves import FamilyMove, NoticeReceived
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.proofs import ProofRef
from saikne_schemas.wire import WireDocument

Statement = TypeVar("Statement", bound=WireDocument)

LATVIA, COURTS = seed_calendars(), from_the_start()
NEW = CentreId(UUID("5b0d6c1e-53a1-4a0c-9d6c-0d1c4f3a7e10"))
PREVIOUS = CentreId(UUID("c2a4f7d8-1f0e-4e0b-8a65-7b6d1f2f9c31"))
MATTER = UUID("3c1d5a7e-08b4-5d2f-9a61-c4e07b9f1d23")
IEVA = AuthorisedPerson(name="Ieva Priede", position="vadītāja")
SOLVITA = AuthorisedPerson(name="Solvita Krēsliņa", position="vadītāja")
PROOF = ProofRef(id=UUID("b1f4a6c8-3d57-4e9b-8c02-5a7e9d1f3b46"), sha256="4f" * 32)
TODAY = date(2026, 11, 20)


def day(written: str) -> date:
    return date.fromisoformat(written)


def scene(
    author: CentreId = NEW,
    *,
    today: date = TODAY,
    previous_counts_by: Policy = Policy.STATUTORY,
    suspended: Iterable[CentreId] = (),
) -> Scene:
    return Scene(
        now=datetime(today.year, today.month, today.day, 12, tzinfo=UTC),
        today=today,
        author=author,
        roles={NEW: FamilyMoveRole.NEW, PREVIOUS: FamilyMoveRole.PREVIOUS},
        calendars=LATVIA,
        policies={NEW: Policy.STATUTORY, PREVIOUS: previous_counts_by},
        suspended=frozenset(suspended),
    )


def move(**changes: Any) -> FamilyMove:
    fields: dict[str, Any] = {
        "family": "AG-7741",
        "children": ["AG-7741-B1"],
        "agreement": "V-2026/31",
        "agreed_on": date(2025, 11, 3),
        "territory": "LV-041",
        "court": "LV-041",
        "court_name": "Jelgavas novada bāriņtiesa",
        "remaining": list(DONE_BY_BOTH),
    }
    return FamilyMove(**{**fields, **changes})


def said(kind: type[Statement], **fields: Any) -> Statement:
    return compose(kind, matter=MATTER, **fields)


def notice(received: str, **changes: Any) -> NoticeReceived:
    """Received on a day, at ten in the morning by Greenwich."""
    fields: dict[str, Any] = {"channel": NoticeChannel.EMAIL, "proofs": [PROOF]}
    fields["received_at"] = datetime.fromisoformat(f"{received}T10:00:00Z")
    return said(NoticeReceived, **{**fields, **changes})
