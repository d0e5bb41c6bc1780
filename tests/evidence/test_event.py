"""What a chain may say, and the one way to write it."""

import pytest

from hub.evidence.event import EventKind, Fact, canonical

WRITTEN_INTO_CHAINS = [
    "centres.centre.admitted",
    "centres.centre.suspended",
    "centres.centre.resumed",
    "centres.key.admitted",
    "centres.key.revoked",
    "centres.contacts.changed",
    "exchange.request.opened",
    "exchange.answer.declared",
    "exchange.document.sealed",
    "exchange.answer.discarded",
    "exchange.answer.dispatched",
    "exchange.archive.mailed",
    "exchange.archive.downloaded",
    "passwords.handover.sent",
    "passwords.handover.delivered",
    "passwords.handover.failed",
    "passwords.handover.revealed",
    "passwords.password.erased",
    "exchange.receipt.confirmed",
    "exchange.answer.disputed",
    "exchange.request.withdrawn",
    "exchange.answer.lapsed",
    "exchange.payload.erased",
    "proofs.proof.sealed",
    "proofs.proof.fetched",
    "proofs.proof.opened",
    "proofs.proof.erased",
    "duties.reminder.sent",
    "duties.duty.overdue",
]


def test_every_kind_that_stands_in_a_chain_is_still_read() -> None:
    assert set(WRITTEN_INTO_CHAINS) - set(EventKind) == set()


def test_a_kind_names_room_subject_and_what_was_done() -> None:
    parts = {kind: kind.value.split(".") for kind in EventKind}
    assert [
        kind for kind, three in parts.items() if len(three) != 3 or not all(map(str.isidentifier, three))
    ] == []


@pytest.mark.parametrize(
    "facts", [{"b": 1, "a": "ā", "c": [True, None]}, {"c": [True, None], "a": "ā", "b": 1}]
)
def test_facts_are_written_in_one_way_whatever_their_order(facts: dict[str, Fact]) -> None:
    assert canonical(facts) == '{"a":"ā","b":1,"c":[true,null]}'.encode()


@pytest.mark.parametrize("fact", [0.5, b"raw", {"inner": 1.0}, [object()], {"ž": 1}])
def test_what_has_more_than_one_spelling_is_no_fact(fact: object) -> None:
    with pytest.raises(TypeError):
        canonical({"fact": fact})  # type: ignore[dict-item]  # what the types forbid is refused at run time too
