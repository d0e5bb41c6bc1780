"""What the register says is laid beside what the hub knows, by the job, by centres and by their commands."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from saikne import Hub, HubRefusal, compose
from saikne.statements import wire_bytes
from saikne_demo.register import Book
from saikne_schemas.enrolment import Contacts, LegalEntity
from saikne_schemas.family_moves import FamilyMoveView, Registered
from saikne_schemas.reconciliation import DifferenceState, DifferenceView, ResolveDifference
from saikne_schemas.register_entries import ExtractEntry, RegisterExtract
from saikne_schemas.register_words import DifferenceResolution, EntryState
from saikne_schemas.vocabulary import DutyKind
from tests.journeys.by_command import done, refused, told
from tests.journeys.family_moves import IEVA, dated
from tests.journeys.play import Play, chain_of, until
from tests.journeys.registrations import DAY, claimed, confirmed, queued, register_key, the_register

ZEMGALE, STRANGER = "50008021661", "40008000102"
IN_SEPTEMBER = date(2026, 9, 2)
BY = ("--by", "Ieva Ozola;sociālā darbiniece")


@pytest.fixture(scope="module")
async def job(play: Play) -> AsyncIterator[Hub]:
    """On the register's side."""
    await register_key(play)
    entity = LegalEntity(name="Reģistra turētājs", registration_number="90000069281")
    contacts = Contacts(notices="agis@turetajs.example")
    installation = await play.stage.enrol(
        "Reģistra turētājs", legal_entity=entity, contacts=contacts, register_side=True
    )
    async with Hub(installation.credentials()) as hub:
        yield hub


def entry(register_id: str, **changes: Any) -> ExtractEntry:
    fields = {
        "register_id": register_id,
        "new": ZEMGALE,
        "effective_on": DAY,
        "registered_on": IN_SEPTEMBER,
        "state": EntryState.IN_FORCE,
    }
    return ExtractEntry(**{**fields, **changes})


def extract(*entries: ExtractEntry, number: int = 1, last: bool = True, **changes: Any) -> RegisterExtract:
    fields: dict[str, Any] = {"taken_at": datetime.now(UTC), **changes}
    return RegisterExtract(
        schema_="saikne.register-extract/1", page=number, last=last, entries=list(entries), **fields
    )


async def by_hand(play: Play, register_id: str) -> UUID:
    """A move that a person has entered."""
    matter = await dated(play)
    recorded = compose(
        Registered,
        matter=matter,
        registered_on=IN_SEPTEMBER,
        registered_by=IEVA,
        register_id=register_id,
    )
    await play.requester.tell(recorded)
    return matter


async def by_machine(play: Play, job: Hub, register_id: str) -> tuple[UUID, UUID]:
    matter = await dated(play)
    key = await queued(play.requester, matter)
    await confirmed(job, await claimed(job, key), IN_SEPTEMBER, register_id)
    return matter, key


async def about(hub: Hub, matter: UUID) -> list[DifferenceView]:
    return [one async for one in hub.differences() if one.matter == matter]


async def test_what_was_entered_by_hand_and_what_by_machine_agree_with_the_register(
    play: Play, job: Hub
) -> None:
    typed, (sent, key) = await by_hand(play, "HU-1"), await by_machine(play, job, "MA-1")
    await job.send_extract(extract(entry("HU-1"), entry("MA-1", key=key, revision=1)))
    assert await about(play.requester, typed) == await about(play.requester, sent) == []


async def registered(play: Play, job: Hub, book: Book) -> tuple[UUID, UUID, str]:
    """By machine, to the end: the move, the key, the register's number."""
    matter = await dated(play)
    key = await queued(play.requester, matter)
    task = await claimed(job, key)
    answer = book.take(task.entry)
    assert answer.register_id is not None
    await confirmed(job, task, IN_SEPTEMBER, answer.register_id)
    return matter, key, answer.register_id


async def test_what_a_register_lost_altered_or_was_told_by_others_is_found_and_nothing_is_overwritten(
    play: Play, job: Hub
) -> None:
    book = Book(the_register(), today=lambda: IN_SEPTEMBER)
    same, lost, altered = [await registered(play, job, book) for _ in range(3)]
    before = [await play.requester.registration(key) for _, key, _ in (same, lost, altered)]
    book.forget(lost[1])
    book.alter(altered[2], effective_on=date(2026, 10, 1))
    typed = book.enter_by_hand(ZEMGALE, DAY)
    await job.send_extract(extract(*book.lines()))
    found = {
        matter: [one.kind.value for one in await about(play.requester, matter)]
        for matter, *_ in (same, lost, altered)
    }
    assert found == {same[0]: [], lost[0]: ["add"], altered[0]: ["change"]}
    by_others = [
        one.kind.value
        async for one in play.requester.differences(DifferenceState.OPEN)
        if one.in_register is not None and one.in_register.register_id == typed
    ]
    assert by_others == ["conflict"]
    assert [await play.requester.registration(key) for _, key, _ in (same, lost, altered)] == before
    book.alter(altered[2], effective_on=DAY)
    await job.send_extract(extract(*book.lines()))
    (put_right,) = await about(play.requester, altered[0])
    assert (put_right.state, put_right.how) == (DifferenceState.VANISHED, None)
    assert [one.state for one in await about(play.requester, lost[0])] == [DifferenceState.OPEN]


async def test_a_difference_is_shown_to_both_told_by_mail_and_decided_by_the_centre(
    play: Play, job: Hub
) -> None:
    matter, key = await by_machine(play, job, "MA-2")
    there = entry("MA-2", key=key, revision=1, effective_on=date(2026, 10, 1))
    taken = await job.send_extract(extract(there))
    assert taken.compared is not None
    (difference,) = await about(play.requester, matter)
    assert (difference.kind, difference.centre) == ("change", play.requester.credentials.centre)
    assert difference.at_hub is not None
    assert difference.in_register is not None
    assert (difference.at_hub.effective_on, difference.in_register.effective_on) == (DAY, there.effective_on)
    assert await about(job, matter) == [difference]
    assert await about(play.holder, matter) == []

    async def mails() -> list[Any]:
        return [m for m in play.stage.mailbox.inbox("pazinojumi@zemgale.example") if "AĢIS" in m.subject]

    (mail, *_) = await until(mails, bool)
    assert "saikne register-differences" in mail.text
    assert str(matter) not in mail.text

    decision = compose(
        ResolveDifference,
        difference=difference.id,
        how=DifferenceResolution.CORRECTED_IN_REGISTER,
        decided_by=IEVA,
    )
    absent = decision.model_copy(update={"difference": uuid4()})
    for stranger, said in ((play.holder, decision), (play.stranger, decision), (play.stranger, absent)):
        with pytest.raises(HubRefusal) as refusal:
            await stranger.tell(said)
        assert (refusal.value.status, refusal.value.code) == (404, "reconciliation.difference-not-found")
        assert refusal.value.facts == {}
    for nobody in (job, play.overseer):
        with pytest.raises(HubRefusal) as refusal:
            await nobody.tell(decision)
        assert refusal.value.code == "access.scope-missing"
    taken_decision = await play.requester.tell(decision)
    assert await play.requester.tell(decision) == taken_decision
    (seen,) = await about(job, matter)
    assert (seen.state, seen.how, seen.resolved_by) == (DifferenceState.RESOLVED, decision.how, IEVA)
    kinds = [event.kind for event in (await chain_of(play.requester))[0]]
    assert "reconciliation.difference.resolved" in kinds


async def test_a_decision_goes_to_the_address_that_it_names(play: Play) -> None:
    decision = compose(
        ResolveDifference,
        difference=uuid4(),
        how=DifferenceResolution.NO_DIFFERENCE,
        decided_by=IEVA,
    )
    hand = await play.by_hand(play.requester)
    answer = await hand.post(f"/v1/register-differences/{uuid4()}/resolve", wire_bytes(decision))
    assert (answer.status_code, answer.json()["code"]) == (400, "reconciliation.other-difference")


async def test_a_page_that_is_no_extract_is_refused(play: Play) -> None:
    hand = await play.by_hand(play.stranger)
    damaged = json.loads(wire_bytes(extract(entry("AGIS-1"))))
    damaged["entries"][0]["child"] = "Kanārija"
    answer = await hand.post("/v1/register-extracts", json.dumps(damaged).encode())
    assert (answer.status_code, answer.json()["code"]) == (400, "manifest.malformed")
    too_long = json.dumps({"schema": "x" * 300_000}).encode()
    answer = await hand.post("/v1/register-extracts", too_long)
    assert (answer.status_code, answer.json()["code"]) == (413, "manifest.too-large")


async def test_a_strangers_extract_finds_only_what_names_the_stranger(play: Play, job: Hub) -> None:
    matter, key = await by_machine(play, job, "MA-3")
    before = await about(play.requester, matter)
    foreign = entry("MA-3", key=key, revision=1, effective_on=date(2026, 12, 1))
    taken = await play.stranger.send_extract(extract(foreign, entry("SE-1", new=STRANGER)))
    assert taken.compared is not None
    assert (taken.compared.found, taken.compared.elsewhere, taken.compared.news) == (1, 1, [])
    assert await about(play.requester, matter) == before
    (own,) = [one async for one in play.stranger.differences()]
    assert (own.kind, own.at_hub, own.key) == ("conflict", None, None)


async def month_due(hub: Hub, matter: UUID) -> str:
    """In which a move's three working days end: they run from when its day became known."""
    view = await hub.matter(FamilyMoveView, matter)
    (due,) = [duty.due_on for duty in view.duties if duty.kind is DutyKind.REGISTER]
    return f"{due:%Y-%m}"


async def test_a_month_is_reported_to_the_centre_to_the_registers_side_and_in_totals_to_oversight(
    play: Play, job: Hub
) -> None:
    typed, (sent, _) = await by_hand(play, "HU-9"), await by_machine(play, job, "MA-9")
    month = await month_due(play.requester, sent)
    assert await month_due(play.requester, typed) == month
    own = await play.requester.register_report(month)
    assert [one.centre for one in own.centres] == [play.requester.credentials.centre]
    assert own.total.by_hand >= 1
    assert own.total.by_machine >= 1
    assert own.total.due == own.total.in_time + own.total.late + own.total.open
    assert len(own.late) == own.total.late + own.total.overdue
    everybody, totals = await job.register_report(month), await play.overseer.register_report(month)
    assert {line.centre for line in own.late} <= {line.centre for line in everybody.late}
    assert (totals.total, totals.centres, totals.late) == (everybody.total, everybody.centres, [])
    assert (await play.stranger.register_report(month)).total.due == 0
    with pytest.raises(HubRefusal) as refusal:
        await play.requester.register_report("2026-9")
    assert (refusal.value.status, refusal.value.code) == (400, "reconciliation.month-malformed")


async def test_the_commands_compare_show_decide_and_report(play: Play, tmp_path: Path) -> None:
    matter = await by_hand(play, "HU-5")
    new, taken_at = play.requester, datetime.now(UTC)
    there = entry("HU-5", effective_on=date(2026, 11, 1))
    pages = [
        extract(there, number=1, last=False, taken_at=taken_at),
        extract(number=2, taken_at=taken_at),
    ]
    files = [tmp_path / f"{page.page}.json" for page in pages]
    for file, page in zip(files, pages, strict=True):
        file.write_bytes(wire_bytes(page))
    code, printed = await told(play, new, "register-compare", str(files[0]))
    assert (code, printed) == (
        0,
        "The pages were taken. The extract is not whole yet; pages missing: 2\n",
    )
    code, printed = await told(play, new, "register-compare", str(files[1]), str(files[0]))
    assert code == 0, printed
    assert "The extract was compared. Entries: 1; pages: 2." in printed
    (difference,) = await about(new, matter)
    code, printed = await told(play, new, "register-differences")
    shown = [" ".join(line.split()) for line in printed.splitlines()]
    at = shown.index(f"{difference.id} AĢIS and the hub say different things")
    assert shown[at + 1] == f"move: {matter}"
    assert shown[at + 3 : at + 8] == [
        "at the hub in AĢIS",
        "registered in force",
        f"new centre {ZEMGALE} {ZEMGALE}",
        "day of the move ! 01.09.2026 01.11.2026",
        "registered on 02.09.2026 02.09.2026",
    ]
    again = await refused(
        play, new, "register-difference-resolve", str(difference.id), "--how", "send_again", *BY
    )
    assert again == (1, "reconciliation.nothing-to-send")
    how = ("--how", "register_is_right", *BY)
    code, printed = await told(play, new, "register-difference-resolve", str(difference.id), *how)
    assert code == 0, printed
    assert "put your own record right" in printed
    assert difference.id not in {UUID(one["id"]) for one in await done(play, new, "register-differences")}
    everything = await done(play, new, "register-differences", "--all")
    assert difference.id in {UUID(one["id"]) for one in everything}
    table = tmp_path / "2026-09.csv"
    code, printed = await told(play, new, "register-report", "2026-09", "--csv", str(table))
    assert code == 0, printed
    assert "Registrations in AĢIS that were due in 2026-09" in printed
    heads, *lines = table.read_text(encoding="utf-8-sig").splitlines()
    assert heads.startswith('"month";"centre";"name";"due";"in_time";"late";')
    assert [line.split(";")[2] for line in lines] == ['"Zemgale"', '""']


async def test_pages_of_two_extracts_are_not_sent(play: Play, tmp_path: Path) -> None:
    files = [tmp_path / "a.json", tmp_path / "b.json"]
    for file in files:
        file.write_bytes(wire_bytes(extract(entry("AGIS-1"))))
    assert await refused(play, play.stranger, "register-compare", *map(str, files)) == (2, "extract.mixed")


@pytest.mark.parametrize("month", ["1999-12", "9999-12", "0001-01"])
async def test_a_month_outside_of_this_century_is_refused(play: Play, month: str) -> None:
    with pytest.raises(HubRefusal) as why:
        await play.requester._calls.read(f"/v1/register-reports/{month}")
    assert why.value.code == "reconciliation.month-malformed"


@pytest.mark.parametrize("moment", [b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-12:00"])
async def test_a_moment_that_has_no_year_in_utc_is_refused(play: Play, moment: bytes) -> None:
    body = wire_bytes(extract(taken_at=datetime(2026, 9, 2, tzinfo=UTC)))
    said = body.replace(b"2026-09-02T00:00:00Z", moment)
    assert moment in said
    answer = await (await play.by_hand(play.requester)).post("/v1/register-extracts", said)
    assert (answer.status_code, answer.json()["code"]) == (400, "manifest.malformed")
