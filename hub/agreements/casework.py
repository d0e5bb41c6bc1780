"""Whether a signed statement suffices between two centres today, by what they ever agreed in writing."""

from datetime import date

from hub.agreements.agreement import AgreementEnded, QualifiedSignatureNeeded, signatures_between
from hub.kernel.ids import CentreId
from hub.matters import store
from hub.plumbing.database import Tx
from saikne_schemas.agreements import Agreement
from saikne_schemas.spelling import KEPT
from saikne_schemas.vocabulary import AgreementState, SignaturesAgreed, Workflow

EVER_IN_FORCE = (AgreementState.IN_FORCE.value, AgreementState.ENDED.value)
HAS_AGREEMENTS = store.has_any(Workflow.AGREEMENT.value, EVER_IN_FORCE)
"""Asked of a centre where it is looked up anyway: most have none, and then nothing more is read."""


async def check_signatures(tx: Tx, author: CentreId, other: CentreId, day: date, *, qualified: bool) -> None:
    """Refuse what an agreement of the two does not let suffice; a qualified signature always does."""
    if qualified:
        return
    kept = await store.contents_between(tx, author, other, Workflow.AGREEMENT, EVER_IN_FORCE)
    papers = [Agreement.model_validate(one, context=KEPT) for one in kept]
    if signatures_between(papers, day) is SignaturesAgreed.QUALIFIED:
        raise QualifiedSignatureNeeded


REFUSES = (AgreementEnded, QualifiedSignatureNeeded)
