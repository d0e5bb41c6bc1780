"""A written agreement between two centres about signatures and passwords, as a record of both.

If the parties agreed in writing on signing electronically, the secure signature and time stamp need not
apply (MK 473 p. 3; domain 2.3). They may also agree that an archive's password follows by a mail of its own
(method S60). What is recorded is that the paper exists, from when to when, and what it says about that; not
its text. Source: method S35; features N14.
"""

from typing import ClassVar, Literal

from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.matters import About, Beginning, MatterView
from saikne_schemas.vocabulary import SignaturesAgreed
from saikne_schemas.wire import SCHEMA, Day, Id, Reference, Stated, View

_PATH = "/v1/agreements"


class ProposeAgreement(Beginning):
    """A centre records a written agreement with another."""

    goes_to: ClassVar[str] = _PATH
    schema_: Literal["saikne.agreement/1"] = SCHEMA
    proposer: Id
    addressee: Id
    reference: Reference
    """The number of the paper."""
    signed_on: Day
    valid_from: Day
    valid_to: Day | None = None
    """The last day; absent: until it is ended."""
    signatures: SignaturesAgreed
    password_by_mail: bool = False
    """Between the two, an archive that goes by mail may have its password come by another mail, to another
    mailbox that is notified for passwords. It is the weaker way, and shown so."""
    signed_by: AuthorisedPerson


class AcceptAgreement(About):
    """The other centre confirms the agreement; it is in force from its first day."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/accept"
    schema_: Literal["saikne.agreement-accepted/1"] = SCHEMA
    signed_by: AuthorisedPerson


class RefuseAgreement(About):
    """The other centre does not confirm it, or its author takes it back."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/refuse"
    schema_: Literal["saikne.agreement-refused/1"] = SCHEMA


class EndAgreement(About):
    """Either centre ends the agreement with a day: today or later, and no later than was agreed."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/end"
    schema_: Literal["saikne.agreement-ended/1"] = SCHEMA
    last_day: Day


class Agreement(View):
    reference: Stated
    signed_on: Day
    valid_from: Day
    valid_to: Day | None = None
    signatures: SignaturesAgreed
    password_by_mail: bool = False
    """Whether an archive's password may come by a mail of its own, the weaker way."""


class AgreementView(MatterView):
    """An agreement between two centres as one of them sees it."""

    lies_at: ClassVar[str] = _PATH
    content: Agreement
