"""An access token for a page: its own proof of possession, vouched for by the session that it is shown in.

It is made for one person and counts with that person's key alone, for what is signed and for nothing that is
read: pages read by their session. It lives as long as every token, five minutes, and the key under each call
is looked at anew. Source: board.md 3; RFC 9449; security.md threats 1, 2.
"""

from collections.abc import Sequence
from functools import partial

from hub.access import dpop
from hub.access.dpop import ProofInvalid
from hub.access.store import use_up
from hub.access.tokens import AccessTokens
from hub.people.key import may_have
from hub.people.office import Counter, PeopleOffice
from hub.people.person import NotAllowed, Person
from hub.plumbing.aside import aside
from saikne_schemas.vocabulary import Scope

PATH = "/keys/token"


async def issue(counter: Counter, office: PeopleOffice, person: Person, proofs: Sequence[str]) -> str:
    """`proofs`: every value of the call's DPoP header, of which there has to be one."""
    if not may_have(person):
        raise NotAllowed
    if len(proofs) != 1:
        raise ProofInvalid(why="header")
    uri = f"{office.public_url}{PATH}"
    proof, possession = dpop.read(proofs[0], method="POST", uri=uri, now=counter.now)
    await aside(possession.prove)
    await counter.tx.run_sync(use_up, proof)
    tokens = AccessTokens(office.keyring, office.public_url)
    made = partial(
        tokens.issue,
        centre=person.centre,
        client_id=str(person.centre),
        scope=Scope.EXCHANGE.value,
        jkt=proof.jkt,
        now=counter.now,
        person=person.id,
    )
    return await aside(made)
