"""An entry takes effect once, in whatever order and however often it comes."""

from datetime import date
from threading import Thread

import pytest

from saikne_demo.register import Book
from saikne_demo.register.book import Treatment
from saikne_schemas.register_words import EntryState, RegisterResult, RejectedBecause
from tests.peers.sealed_entries import DAY, entry, facts, new_key, seal, withdrawal

LATER = date(2026, 5, 1)


@pytest.fixture
def book() -> Book:
    return Book(today=lambda: date(2026, 4, 2))


def test_an_entry_is_registered_and_its_facts_are_opened(book: Book) -> None:
    one = entry(book.jwk)
    answer = book.take(one)
    assert (answer.result, answer.register_id) == (RegisterResult.REGISTERED, "AGIS-2026-0000001")
    assert answer.registered_on == date(2026, 4, 2)
    assert book.facts(one.key) == facts(one.key)
    assert book.effects(one.key) == (1,)
    assert book.in_force()[one.key].revision == 1


def test_the_same_entry_again_has_the_same_answer_and_one_effect(book: Book) -> None:
    one = entry(book.jwk)
    assert book.take(one) == book.take(one) == book.ask(one.key)
    assert (book.effects(one.key), book.twice()) == ((1,), set())


def test_an_entry_from_many_threads_at_once_takes_effect_once(book: Book) -> None:
    one = entry(book.jwk)
    threads = [Thread(target=book.take, args=(one,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert book.effects(one.key) == (1,)


def test_other_bytes_under_the_same_revision_are_refused(book: Book) -> None:
    one = entry(book.jwk)
    book.take(one)
    assert book.take(entry(book.jwk, one.key)).reason is RejectedBecause.KEY_REUSED
    assert book.effects(one.key) == (1,)


def test_a_higher_revision_puts_right_and_a_lower_one_comes_too_late(book: Book) -> None:
    one = entry(book.jwk)
    first = book.take(one)
    second = book.take(entry(book.jwk, one.key, revision=3))
    assert (second.result, second.register_id) == (RegisterResult.REGISTERED, first.register_id)
    assert book.take(one).reason is RejectedBecause.SUPERSEDED
    assert book.take(entry(book.jwk, one.key, revision=2)).reason is RejectedBecause.SUPERSEDED
    assert (book.effects(one.key), book.twice()) == ((1, 3), set())


def test_a_withdrawn_entry_is_in_force_no_more(book: Book) -> None:
    one = entry(book.jwk)
    book.take(one)
    assert book.take(withdrawal(one.key)).result is RegisterResult.WITHDRAWN
    assert book.in_force() == {}
    assert [line.state for line in book.lines()] == [EntryState.ENDED]
    assert book.take(one).reason is RejectedBecause.SUPERSEDED


def test_a_withdrawal_that_overtakes_its_entry_keeps_it_out(book: Book) -> None:
    one = entry(book.jwk)
    assert book.take(withdrawal(one.key)).result is RegisterResult.WITHDRAWN
    assert book.take(one).reason is RejectedBecause.SUPERSEDED
    assert book.in_force() == {}


def test_a_withdrawal_of_another_day_leaves_the_entry_that_stands(book: Book) -> None:
    one = entry(book.jwk)
    book.take(one)
    lost = withdrawal(new_key()).model_copy(update={"replaces": one.key})
    assert book.take(lost).result is RegisterResult.WITHDRAWN
    assert book.in_force().keys() == {one.key}


def test_what_was_withdrawn_may_be_registered_anew_by_a_higher_revision(book: Book) -> None:
    key = new_key()
    book.take(withdrawal(key))
    assert book.take(entry(book.jwk, key, revision=3)).result is RegisterResult.REGISTERED
    assert book.in_force().keys() == {key}


def test_the_entry_of_another_day_ends_the_one_that_it_replaces(book: Book) -> None:
    one = entry(book.jwk)
    book.take(one)
    other = entry(book.jwk, effective_on=LATER, replaces=one.key)
    book.take(other)
    assert book.in_force().keys() == {other.key}
    for late in (one, entry(book.jwk, one.key, revision=2)):
        assert book.take(late).reason is RejectedBecause.SUPERSEDED
    asked = book.ask(one.key)
    assert asked is not None
    assert asked.reason is RejectedBecause.SUPERSEDED


def test_a_replaced_entry_that_arrives_late_for_the_first_time_is_not_taken(book: Book) -> None:
    key = new_key()
    other = entry(book.jwk, effective_on=LATER, replaces=key)
    book.take(other)
    assert book.take(entry(book.jwk, key)).reason is RejectedBecause.SUPERSEDED
    assert (book.effects(key), set(book.in_force())) == ((), {other.key})


def test_a_move_may_return_to_a_day_that_it_had_before(book: Book) -> None:
    one = entry(book.jwk)
    other = entry(book.jwk, effective_on=LATER, replaces=one.key, replaces_revision=1)
    back = entry(book.jwk, one.key, revision=2, replaces=other.key, replaces_revision=1)
    for each in (one, other, back):
        assert book.take(each).result is RegisterResult.REGISTERED
    assert book.in_force().keys() == {one.key}
    assert book.take(other).reason is RejectedBecause.SUPERSEDED
    again = entry(book.jwk, other.key, revision=2, effective_on=LATER, replaces=one.key, replaces_revision=2)
    book.take(again)
    assert book.in_force().keys() == {other.key}


def test_a_day_that_was_left_and_arrives_late_does_not_end_the_one_that_stands(book: Book) -> None:
    one = entry(book.jwk)
    late = entry(book.jwk, effective_on=LATER, replaces=one.key, replaces_revision=1)
    book.take(one)
    book.take(entry(book.jwk, one.key, revision=2, replaces=late.key, replaces_revision=1))
    assert book.take(late).reason is RejectedBecause.SUPERSEDED
    assert book.in_force().keys() == {one.key}


def test_what_is_worked_on_is_registered_at_the_question_that_was_named(book: Book) -> None:
    one = entry(book.jwk)
    assert book.take(one, Treatment(late_asks=2)).result is RegisterResult.IN_PROGRESS
    results = [answer.result for _ in range(3) if (answer := book.ask(one.key))]
    assert results == [RegisterResult.IN_PROGRESS, RegisterResult.REGISTERED, RegisterResult.REGISTERED]
    assert book.effects(one.key) == (1,)


def test_what_is_worked_on_for_a_time_is_registered_after_it(book: Book) -> None:
    soon, never = entry(book.jwk), entry(book.jwk)
    book.take(soon, Treatment(late_seconds=0))
    book.take(never, Treatment(late_seconds=3600))
    results = [answer.result for one in (soon, never) if (answer := book.ask(one.key))]
    assert results == [RegisterResult.REGISTERED, RegisterResult.IN_PROGRESS]
    book.settle()
    assert book.in_force().keys() == {soon.key, never.key}


def test_what_is_worked_on_never_counts_once_it_is_replaced(book: Book) -> None:
    one = entry(book.jwk)
    book.take(one, Treatment(late_asks=1))
    other = entry(book.jwk, effective_on=LATER, replaces=one.key)
    book.take(other)
    book.settle()
    assert book.take(one).reason is RejectedBecause.SUPERSEDED
    assert (book.effects(one.key), set(book.in_force())) == ((), {other.key})


def test_a_newer_revision_takes_the_place_of_one_that_is_worked_on(book: Book) -> None:
    one = entry(book.jwk)
    book.take(one, Treatment(late_asks=1))
    book.take(entry(book.jwk, one.key, revision=2))
    book.settle()
    assert book.effects(one.key) == (2,)


def test_a_rejected_entry_stays_rejected_and_a_higher_revision_is_taken(book: Book) -> None:
    one = entry(book.jwk)
    assert book.take(one, Treatment(rejected=RejectedBecause.PERSON_UNKNOWN)).reason == "person_unknown"
    assert book.take(one).reason is RejectedBecause.PERSON_UNKNOWN
    assert book.take(entry(book.jwk, one.key, revision=2)).result is RegisterResult.REGISTERED


def test_what_was_forgotten_is_unknown_and_counts_when_it_takes_effect_again(book: Book) -> None:
    one = entry(book.jwk)
    assert book.take(one, Treatment(forgotten=True)).result is RegisterResult.IN_PROGRESS
    assert book.ask(one.key) is None
    book.take(one)
    book.forget(one.key)
    assert (book.ask(one.key), book.in_force(), book.lines()) == (None, {}, [])
    book.take(one)
    assert (book.effects(one.key), book.twice()) == ((1, 1), {one.key})


def test_facts_of_another_entry_are_not_taken(book: Book) -> None:
    key = new_key()
    others = entry(book.jwk).sealed
    assert book.take(entry(book.jwk, key, sealed=others)).reason is RejectedBecause.SEAL_NOT_OPENED
    other_day = entry(book.jwk, key, revision=2).sealed
    moved = entry(book.jwk, key, revision=2, effective_on=LATER, sealed=other_day)
    assert book.take(moved).reason is RejectedBecause.SEAL_NOT_OPENED
    assert book.in_force() == {}


def test_a_digest_of_other_sealed_facts_is_refused(book: Book) -> None:
    assert book.take(entry(book.jwk, sealed_sha256="0" * 64)).reason is RejectedBecause.SEAL_NOT_OPENED


def test_a_transfer_without_its_facts_is_malformed(book: Book) -> None:
    assert book.take(entry(book.jwk, sealed=None)).reason is RejectedBecause.MALFORMED


def test_what_another_registers_key_has_sealed_is_refused(book: Book) -> None:
    assert book.take(entry(Book().jwk)).reason is RejectedBecause.SEAL_NOT_OPENED


def test_people_can_enter_and_change_lines_by_hand(book: Book) -> None:
    number = book.enter_by_hand("40003521600", DAY)
    one = entry(book.jwk)
    registered = book.take(one)
    assert registered.register_id is not None
    book.alter(registered.register_id, effective_on=LATER)
    lines = {line.register_id: line for line in book.lines()}
    assert lines[number].key is None
    assert lines[registered.register_id].effective_on == LATER


def test_nothing_that_was_opened_shows_in_what_is_printed(book: Book) -> None:
    one = entry(book.jwk)
    book.take(one)
    name = facts(one.key).spouses[0].name
    assert name not in repr(vars(book)["_lines"])
    assert name in book.facts(one.key).model_dump_json()


def test_a_seal_is_not_what_is_sealed() -> None:
    book = Book()
    assert b"Paraud" not in seal(b"Paraudi", book.jwk).encode()
