"""The register as a folder: whole files in, whole acknowledgements out, and each fault as it says."""

from pathlib import Path
from threading import Event

import pytest

from saikne_demo.register import Book, Fault, Faults, Manners, RegisterFolder
from saikne_schemas.register_entries import RegisterAnswer, RegisterEntry
from saikne_schemas.register_files import (
    FileDamage,
    FileDamaged,
    answer_names,
    entry_files,
    entry_names,
    entry_sha256,
    read_answer_files,
    stem,
)
from saikne_schemas.register_words import RegisterResult, RejectedBecause
from tests.peers.sealed_entries import entry


@pytest.fixture
def folder(tmp_path: Path) -> RegisterFolder:
    return RegisterFolder(tmp_path, Book(), Faults())


@pytest.fixture
def book(folder: RegisterFolder) -> Book:
    return folder._book


@pytest.fixture
def faults(folder: RegisterFolder) -> Faults:
    return folder._faults


def lay(folder: RegisterFolder, one: RegisterEntry) -> None:
    for name, content in entry_files(one).items():
        (folder.out / name).write_bytes(content)


def lying(folder: RegisterFolder) -> set[str]:
    return {path.name for path in folder.out.iterdir()}


def acknowledged(folder: RegisterFolder, one: RegisterEntry) -> RegisterAnswer | None:
    """Takes the acknowledgement away, as the job does."""
    paths = [folder.into / name for name in answer_names(stem(one))]
    files = {path.name: path.read_bytes() for path in paths if path.exists()}
    for path in paths:
        path.unlink(missing_ok=True)
    return read_answer_files(stem(one), files) if files else None


def result(folder: RegisterFolder, one: RegisterEntry) -> RegisterResult | None:
    answer = acknowledged(folder, one)
    return None if answer is None else answer.result


def test_an_entry_is_taken_away_and_acknowledged(folder: RegisterFolder, book: Book) -> None:
    one = entry(book.jwk)
    lay(folder, one)
    assert folder.work() == 1
    answer = acknowledged(folder, one)
    assert answer is not None
    assert (answer.result, answer.entry_sha256) == (RegisterResult.REGISTERED, entry_sha256(one))
    assert (lying(folder), book.effects(one.key), folder.work()) == (set(), (1,), 0)


def test_the_same_entry_laid_again_is_acknowledged_again_and_takes_effect_once(
    folder: RegisterFolder, book: Book
) -> None:
    one = entry(book.jwk)
    answers = []
    for _ in range(2):
        lay(folder, one)
        folder.work()
        answers.append(acknowledged(folder, one))
    assert answers[0] == answers[1]
    assert book.effects(one.key) == (1,)


@pytest.mark.parametrize("missing", [0, 1, 2], ids=["json", "xml", "sha256"])
def test_an_entry_whose_files_are_not_all_there_waits(
    folder: RegisterFolder, book: Book, missing: int
) -> None:
    one = entry(book.jwk)
    lay(folder, one)
    (folder.out / entry_names(stem(one))[missing]).unlink()
    assert folder.work() == 0
    assert (len(lying(folder)), result(folder, one)) == (2, None)
    lay(folder, one)
    folder.work()
    assert result(folder, one) is RegisterResult.REGISTERED


def test_a_damaged_entry_is_answered_as_malformed(folder: RegisterFolder, book: Book) -> None:
    one = entry(book.jwk)
    lay(folder, one)
    (folder.out / f"{stem(one)}.json").write_bytes(b"{}")
    folder.work()
    answer = acknowledged(folder, one)
    assert answer is not None
    assert (answer.reason, answer.entry_sha256) == (RejectedBecause.MALFORMED, None)
    assert (lying(folder), book.effects(one.key)) == (set(), ())


def test_files_of_other_names_are_left_alone(folder: RegisterFolder) -> None:
    for name in ("readme.txt", "list.sha256", "3a2e4de1.1.sha256"):
        (folder.out / name).write_bytes(b"")
    assert folder.work() == 0
    assert len(lying(folder)) == 3


@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.BUSY, Fault.SLOW, Fault.ERROR_BEFORE])
def test_a_register_that_is_away_leaves_the_files_for_the_next_round(
    folder: RegisterFolder, book: Book, faults: Faults, fault: Fault
) -> None:
    one = entry(book.jwk)
    lay(folder, one)
    faults.order(fault)
    assert (folder.work(), len(lying(folder)), book.ask(one.key)) == (0, 3, None)
    folder.work()
    assert result(folder, one) is RegisterResult.REGISTERED


def test_an_entry_may_be_taken_without_an_acknowledgement(
    folder: RegisterFolder, book: Book, faults: Faults
) -> None:
    one = entry(book.jwk)
    lay(folder, one)
    faults.order(Fault.BREAKS_OFF)
    folder.work()
    folder.work()
    assert (lying(folder), result(folder, one), book.effects(one.key)) == (set(), None, (1,))


def test_an_entry_may_be_taken_and_its_files_left(folder: RegisterFolder, book: Book, faults: Faults) -> None:
    one = entry(book.jwk)
    lay(folder, one)
    faults.order(Fault.ERROR_AFTER)
    folder.work()
    assert (len(lying(folder)), result(folder, one), book.effects(one.key)) == (3, None, (1,))
    folder.work()
    assert (result(folder, one), book.effects(one.key)) == (RegisterResult.REGISTERED, (1,))


def test_an_acknowledgement_may_come_twice(folder: RegisterFolder, book: Book, faults: Faults) -> None:
    one = entry(book.jwk)
    lay(folder, one)
    faults.order(Fault.DUPLICATE)
    results = [result(folder, one) for _ in range(3) if folder.work() >= 0]
    assert results == [RegisterResult.REGISTERED, RegisterResult.REGISTERED, None]
    assert book.effects(one.key) == (1,)


def test_a_register_rejects_on_order(folder: RegisterFolder, book: Book, faults: Faults) -> None:
    one = entry(book.jwk)
    lay(folder, one)
    faults.order(Fault.REJECTS)
    folder.work()
    answer = acknowledged(folder, one)
    assert answer is not None
    assert answer.reason is RejectedBecause.FAMILY_UNKNOWN


def test_a_late_acknowledgement_follows_the_word_that_it_is_worked_on(
    folder: RegisterFolder, book: Book, faults: Faults
) -> None:
    faults.manners = Manners(late_asks=2)
    one = entry(book.jwk)
    lay(folder, one)
    faults.order(Fault.ACKNOWLEDGES_LATE)
    results = [result(folder, one) for _ in range(4) if folder.work() >= 0]
    assert results == [RegisterResult.IN_PROGRESS, None, RegisterResult.REGISTERED, None]
    assert book.effects(one.key) == (1,)


def test_an_entry_may_be_promised_and_forgotten(folder: RegisterFolder, book: Book, faults: Faults) -> None:
    one = entry(book.jwk)
    lay(folder, one)
    faults.order(Fault.FORGETS)
    results = [result(folder, one) for _ in range(3) if folder.work() >= 0]
    assert results == [RegisterResult.IN_PROGRESS, None, None]
    assert (book.ask(one.key), book.effects(one.key)) == (None, ())


def test_half_an_acknowledgement_does_not_count_and_the_whole_one_follows(
    folder: RegisterFolder, book: Book, faults: Faults
) -> None:
    one = entry(book.jwk)
    lay(folder, one)
    faults.order(Fault.WRONG_DIGEST)
    folder.work()
    with pytest.raises(FileDamaged) as refusal:
        acknowledged(folder, one)
    assert refusal.value.why is FileDamage.DIGEST
    folder.work()
    assert result(folder, one) is RegisterResult.REGISTERED


def test_a_folder_works_by_itself_until_it_is_stopped(folder: RegisterFolder, book: Book) -> None:
    one = entry(book.jwk)
    lay(folder, one)
    folder.start(every_seconds=0.01)
    pause = Event()
    while not (folder.into / f"{stem(one)}.ack.sha256").exists():
        pause.wait(0.01)
    folder.stop()
    assert result(folder, one) is RegisterResult.REGISTERED
