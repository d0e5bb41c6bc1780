"""The password once more, or read out: statements of the two centres about its way (method S60, S90)."""

from hub.centres import store as centres
from hub.evidence.event import EventKind
from hub.exchange import store
from hub.exchange.casework.answering import way_under_way
from hub.exchange.casework.statements import Case, Desk, NotFound, keep
from hub.exchange.steps import Action
from hub.kernel.secret import Secret
from hub.passwords import casework as passwords
from hub.passwords.channels import Route
from hub.signing.statement import SignedStatement
from saikne_schemas.manifests import HandOverAgain, Reveal
from saikne_schemas.views import Accepted


async def again(desk: Desk, case: Case, statement: SignedStatement, manifest: HandOverAgain) -> Accepted:
    step = case.step(Action.HAND_OVER_AGAIN)
    case.check_round(manifest.round)
    await _way(desk, case)
    await passwords.again(desk.tx, case.handover, desk.now)
    taken = case.taken(manifest, EventKind.HANDOVER_ASKED_AGAIN, step, {"round": manifest.round})
    return await keep(desk, taken, statement, case.parties)


async def reveal(
    desk: Desk, case: Case, statement: SignedStatement, manifest: Reveal
) -> tuple[Accepted, Secret, str]:
    """At most once, and only to a person whom the holder has listed; with the number that is to be called."""
    step = case.step(Action.REVEAL)
    case.check_round(manifest.round)
    way = await _way(desk, case)
    listed = (await centres.contacts(desk.tx, case.holder)).contacts.authorised_persons
    secret = await passwords.reveal(
        desk.tx,
        desk.keyring,
        case.handover,
        spoken_by=manifest.spoken_by,
        authorised=listed,
        now=desk.now,
    )
    taken = case.taken(manifest, EventKind.HANDOVER_REVEAL_ASKED, step, {"round": manifest.round})
    return await keep(desk, taken, statement, case.parties), secret, way.password_address


async def _way(desk: Desk, case: Case) -> Route:
    answer = await store.find_answer(desk.tx, case.identity, case.row.round)
    if answer is None:
        raise NotFound
    return await way_under_way(desk.tx, case, answer.way)
