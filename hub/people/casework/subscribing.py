"""A person has a browser tell it by push messages, and takes that back; so does whoever manages the people.

Suspension and a sign-out everywhere take all of them back. What they are told is decided elsewhere
(`board.casework.pushing`). Each deed is told in the centre's chain.
"""

from hub.kernel.documents import JsonObject
from hub.kernel.secret import Secret
from hub.people import store, subscriptions
from hub.people.casework import ways
from hub.people.office import Counter, PeopleOffice
from hub.people.person import OF_A_CENTRE, NotAllowed, Person, PersonState
from hub.people.push import (
    AT_MOST,
    PushNotOffered,
    SubscriptionMalformed,
    SubscriptionUnknown,
    TooManySubscriptions,
    label_of,
    subscribed,
)
from hub.people.subscriptions import bound_to
from hub.signing.store import cover


async def keep(counter: Counter, office: PeopleOffice, person: Person, said: JsonObject) -> None:
    """What the page has sent: the subscription, the hub's key that it was made with, and a label.

    1. The person's row is held: of two at once the eleventh is seen, and a suspension waits or is seen.
    2. A browser tells one person: whoever comes last.
    """
    key = office.keyring.push_key()
    if key is None:
        raise PushNotOffered
    subscription = subscribed(said, office.push.services)
    if said.get("key") != key.key_id:
        raise SubscriptionMalformed
    row = await store.lock(counter.tx, person.centre, person.id)
    if row is None or row.state != PersonState.ACTIVE or person.role not in OF_A_CENTRE:
        raise NotAllowed
    others = await subscriptions.count_others(counter.tx, person.centre, person.id, subscription.digest)
    if others >= AT_MOST:
        raise TooManySubscriptions
    bound = bound_to(person.centre, subscription.digest)
    kept = {
        "tenant_id": person.centre,
        "digest": subscription.digest,
        "person_id": person.id,
        "label": label_of(said),
        "reached": await cover(counter.tx, office.keyring, Secret(subscription.written()), bound),
        "push_key": key.key_id,
        "made_at": counter.now,
    }
    await subscriptions.put(counter.tx, kept)
    await ways.added(counter, person, "push")


async def remove(counter: Counter, whom: Person, digest: bytes) -> None:
    if not await subscriptions.remove(counter.tx, whom.centre, digest, whom.id):
        raise SubscriptionUnknown
    await ways.removed(counter, whom, "push")


async def remove_all(counter: Counter, whom: Person) -> None:
    if await subscriptions.remove_all(counter.tx, whom.centre, whom.id):
        await ways.removed(counter, whom, "push")
