"""What two centres ever agreed in writing, for whoever has to know whether a signature suffices."""

from hub.agreements.agreement import AgreementEnded, QualifiedSignatureNeeded, SignedCertificationNeeded
from hub.kernel.ids import CentreId
from hub.matters import store
from hub.plumbing.database import Tx
from saikne_schemas.agreements import Agreement
from saikne_schemas.spelling import KEPT
from saikne_schemas.vocabulary import AgreementState, Workflow

EVER_IN_FORCE = (AgreementState.IN_FORCE.value, AgreementState.ENDED.value)
HAS_AGREEMENTS = store.has_any(Workflow.AGREEMENT.value, EVER_IN_FORCE)
"""Asked of a centre where it is looked up anyway: most have none, and then nothing more is read."""


async def papers_between(tx: Tx, author: CentreId, other: CentreId) -> list[Agreement]:
    """What two centres ever agreed in writing, the youngest last."""
    kept = await store.contents_between(tx, author, other, Workflow.AGREEMENT, EVER_IN_FORCE)
    return [Agreement.model_validate(one, context=KEPT) for one in kept]


REFUSES = (AgreementEnded, QualifiedSignatureNeeded)
REFUSES_AN_ANSWER = (SignedCertificationNeeded,)
