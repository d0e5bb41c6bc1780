"""A whole extract against the hub's book: what is new is written down and told, what has gone is closed.

Source: method S80; features N10. One transaction, and as many statements for five thousand entries as for
one. A centre's own extract is compared with its own registrations; sister centres of its legal entity are
known, so that theirs do not look foreign, and nothing is said of them.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID, uuid5

from hub.centres import store as centres
from hub.centres.centre import Centre, CentreRole
from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.clock import iso
from hub.kernel.ids import REGISTRY, CentreId
from hub.matters.casework.records import Desk
from hub.plumbing.aside import aside
from hub.plumbing.database import act_for
from hub.plumbing.promises import promised
from hub.reconciliation import store
from hub.reconciliation.compare import Concerned, Difference, Findings, Known, compare, standing_of
from hub.reconciliation.course import STEPS, Action, Actor, Before, Found, found
from saikne_schemas.reading import kept
from saikne_schemas.reconciliation import Compared, DifferenceState, HubSide, Standing
from saikne_schemas.register_entries import ExtractEntry, RegisterExtract
from saikne_schemas.register_words import DifferenceResolution, RegisterOperation, RegistrationState


@dataclass(frozen=True, slots=True)
class Whole:
    """An extract with all its pages, by their numbers."""

    tenant: CentreId
    taken_at: datetime
    digests: Mapping[int, bytes]
    contents: Mapping[int, bytes]

    @property
    def sha256(self) -> bytes:
        return hashlib.sha256(b"".join(self.digests[number] for number in sorted(self.digests))).digest()

    def entries(self) -> list[ExtractEntry]:
        pages = (kept(RegisterExtract, content) for content in self.contents.values())
        return [entry for page in pages for entry in page.entries]


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Findings, after what was found before."""

    new: list[tuple[Difference, int]]
    """With how often these sides have been found, this time included."""
    still: list[UUID]
    gone: list[UUID]


async def compare_whole(desk: Desk, whole: Whole) -> Compared:
    """What came of it. Nothing that either side says is changed."""
    everyone = [one for one in await centres.directory(desk.tx) if one.role is CentreRole.CENTRE]
    concerned = _concerned(everyone, whole.tenant)
    house = {one.id: one.registration_number for one in everyone if one.registration_number in concerned}
    await act_for(desk.tx, {*house, whole.tenant, REGISTRY})
    book = await _book(desk, house)
    entries, findings = await aside(partial(_compared, whole, book, concerned))
    which = {CentreId(centre) for named in concerned.values() for centre in named}
    news = _sorted(
        findings,
        await store.newest(desk.tx, which, {one.sides for one in findings.differences}),
        whole.taken_at,
    )
    await _write(desk, whole, news)
    compared = Compared(
        pages=len(whole.digests),
        entries=entries,
        sha256=whole.sha256.hex(),
        elsewhere=findings.elsewhere,
        found=len(news.new),
        still_open=len(news.still),
        vanished=len(news.gone),
        news=sorted(findings.news),
    )
    await _record(desk, whole, news, compared)
    return compared


def _concerned(everyone: Iterable[Centre], tenant: CentreId) -> Concerned:
    concerned: dict[str, list[UUID]] = {}
    for one in everyone:
        if tenant in {one.id, REGISTRY}:
            concerned.setdefault(one.registration_number, []).append(one.id)
    return concerned


def _compared(whole: Whole, book: Sequence[Known], concerned: Concerned) -> tuple[int, Findings]:
    entries = whole.entries()
    return len(entries), compare(entries, book, concerned, whole.taken_at)


async def _book(desk: Desk, numbers: Mapping[CentreId, str]) -> list[Known]:
    by_machine = await store.registered_by_machine(desk.tx, numbers.keys())
    book = [_by_machine(row, numbers) for row in by_machine]
    by_hand = await store.registered_by_hand(desk.tx, numbers.keys())
    return [*book, *(_by_hand(row, numbers) for row in by_hand)]


def _by_machine(row: store.ByMachine, numbers: Mapping[CentreId, str]) -> Known:
    replacing = RegistrationState(row["replacing"]) if row["replacing"] else None
    state, operation = RegistrationState(row["state"]), RegisterOperation(row["operation"])
    standing, ending = standing_of(state, operation, replacing)
    side = HubSide(
        standing=standing,
        key=row["key"],
        revision=row["revision"],
        ending=ending,
        new=numbers[row["centre_id"]],
        effective_on=row["effective_on"],
        registered_on=row["registered_on"],
        register_id=row["register_id"],
    )
    return Known(row["matter_id"], row["centre_id"], side, row["changed_at"])


def _by_hand(row: store.ByHand, numbers: Mapping[CentreId, str]) -> Known:
    side = HubSide(
        standing=Standing.HELD,
        new=numbers[row["centre_id"]],
        effective_on=row["effective_on"],
        registered_on=row["registered_on"],
        register_id=row["register_id"],
    )
    return Known(row["matter_id"], row["centre_id"], side, row["changed_at"])


def _sorted(findings: Findings, known: Sequence[store.DifferenceRow], taken_at: datetime) -> _Sorted:
    newest = {row.sides: row for row in known}
    new, still, shown = [], [], set()
    for one in findings.differences:
        shown.add(one.sides)
        row = newest.get(one.sides)
        finding = found(_before(row), taken_at)
        if finding is Found.NEW:
            new.append((one, row.nth + 1 if row else 1))
        elif finding is Found.STILL and row is not None:
            still.append(row.id)
    gone = [
        row.id
        for row in known
        if row.state == DifferenceState.OPEN
        and row.sides not in shown
        and row.matter_id not in findings.unjudged
        and row.seen_at < taken_at  # by the register's side, in a newer extract
    ]
    return _Sorted(new, still, gone)


def _before(row: store.DifferenceRow | None) -> Before | None:
    if row is None:
        return None
    how = DifferenceResolution(row.how) if row.how else None
    return Before(DifferenceState(row.state), how, row.closed_at)


async def _write(desk: Desk, whole: Whole, news: _Sorted) -> None:
    if news.new:
        await store.add(desk.tx, [_row(desk, whole, one, nth) for one, nth in news.new])
    if news.still:
        await store.seen_again(desk.tx, news.still, whole.taken_at)
    if news.gone:
        step = STEPS.take(DifferenceState.OPEN, Action.MISS, Actor.HUB)
        await store.close(desk.tx, news.gone, step, closed_at=desk.now)


def _row(desk: Desk, whole: Whole, one: Difference, nth: int) -> dict[str, object]:
    here, there = one.here, one.there
    key = here.side.key if here else there.key if there else None
    return {
        "id": one.sides if nth == 1 else uuid5(one.sides, str(nth)),
        "sides": one.sides,
        "nth": nth,
        "centre_id": one.centre,
        "kind": one.kind.value,
        "state": DifferenceState.OPEN.value,
        "key": key,
        "matter_id": here.matter if here else None,
        "hub_side": here.side.model_dump(mode="json") if here else None,
        "register_side": there.model_dump(mode="json") if there else None,
        "found_at": desk.now.isoformat(),
        "seen_at": whole.taken_at.isoformat(),
    }


async def _record(desk: Desk, whole: Whole, news: _Sorted, compared: Compared) -> None:
    """The digest goes on the chain of whoever sent it, and of every centre that has something to look at."""
    await store.close_extract(
        desk.tx,
        whole.tenant,
        whole.taken_at,
        compared_at=desk.now,
        sha256=whole.sha256,
        entries=compared.entries,
        found=compared.found,
    )
    count: dict[CentreId, int] = {}
    for one, _ in news.new:
        count[CentreId(one.centre)] = count.get(CentreId(one.centre), 0) + 1
    mails = [
        promised(
            desk.tx,
            "reconciliation.tell",
            {"to": str(centre), "found": many, "by": str(whole.tenant), "taken_at": iso(whole.taken_at)},
        )
        for centre, many in sorted(count.items())
    ]
    facts: dict[str, Fact] = {
        "taken_at": iso(whole.taken_at),
        "sha256": whole.sha256.hex(),
        "pages": compared.pages,
        "entries": compared.entries,
    }
    parties = {whole.tenant, *count}
    await record(desk.tx, EventKind.EXTRACT_COMPARED, parties, None, facts, *mails)
