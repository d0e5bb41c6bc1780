"""The loop: everything that was claimed is reported, no error loses anything, and it ends in good order."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from agis_sync.gateways.findings import Finding, Trouble, Unanswered, judged, unsent
from agis_sync.running import Job, Pace
from agis_sync.telling import Event, Kind, Summary
from saikne.problems import HubOutage
from saikne_schemas.register_entries import RegisterEntry
from saikne_schemas.register_words import JobResult, RegisterResult, RegistrationState
from tests.agis_sync.entries import ScriptedGateway, answer_to, entry_of
from tests.agis_sync.hub_side import HubSide

PACE = Pace(at_once=3, lease_seconds=300, poll_seconds=0.2)


def registered(entry: RegisterEntry) -> Finding:
    return judged(entry, answer_to(entry, RegisterResult.REGISTERED))


async def until(so: Callable[[], bool]) -> None:
    while not so():  # noqa: ASYNC110  # the job tells nobody but its listeners
        await asyncio.sleep(0.01)


class Heard(list[Event]):
    def kinds(self) -> list[Kind]:
        return [event.kind for event in self]

    def count(self, kind: Kind) -> int:  # type: ignore[override]
        return self.kinds().count(kind)

    async def until(self, kind: Kind) -> None:
        await until(lambda: kind in self.kinds())


@pytest.fixture
def hub() -> HubSide:
    return HubSide()


@pytest.fixture
def heard() -> Heard:
    return Heard()


def job(hub: HubSide, register: ScriptedGateway, heard: Heard, pace: Pace = PACE) -> Job:
    return Job(hub, register, pace, heard.append)


async def test_everything_that_waits_is_brought_reported_and_cleared_away(hub: HubSide, heard: Heard) -> None:
    entries = [entry_of() for _ in range(30)]
    hub.queue(*entries)
    register = ScriptedGateway(on_send=registered)
    await job(hub, register, heard).once()
    assert set(hub.states()) == {RegistrationState.ACKNOWLEDGED}
    assert sorted(register.sent) == sorted(register.settled) == sorted(one.key for one in entries)
    assert len(hub.reports) == 3  # a batch each claim of 12
    assert register.most_at_once == PACE.at_once


@pytest.mark.parametrize(
    ("finding", "state", "settled"),
    [
        (registered, RegistrationState.ACKNOWLEDGED, True),
        (
            lambda entry: judged(entry, answer_to(entry, RegisterResult.REJECTED)),
            RegistrationState.REJECTED,
            True,
        ),
        (lambda _: Finding(JobResult.PENDING), RegistrationState.SENT, False),
        (lambda _: unsent(Trouble.BUSY), RegistrationState.QUEUED, False),
        (lambda _: Finding(JobResult.UNKNOWN), RegistrationState.UNKNOWN, False),
    ],
    ids=["acknowledged", "rejected", "pending", "not_sent", "unknown"],
)
async def test_only_what_the_register_has_settled_is_cleared_away(
    hub: HubSide,
    heard: Heard,
    finding: Callable[[RegisterEntry], Finding],
    state: RegistrationState,
    *,
    settled: bool,
) -> None:
    hub.pause_seconds = 3600
    hub.queue(entry_of())
    register = ScriptedGateway(on_send=finding)
    await job(hub, register, heard).once()
    assert hub.states() == [state]
    assert bool(register.settled) is settled


async def test_an_error_of_a_gateway_loses_neither_its_task_nor_the_others(
    hub: HubSide, heard: Heard
) -> None:
    broken, *others = entries = [entry_of() for _ in range(5)]
    hub.queue(*entries)
    hub.pause_seconds = 3600

    def send(entry: RegisterEntry) -> Finding:
        if entry is broken:
            raise ZeroDivisionError(entry.previous.name)
        return registered(entry)

    await job(hub, ScriptedGateway(on_send=send), heard).once()
    assert [one.result for one in hub.outcomes(broken)] == [JobResult.UNKNOWN]
    assert [hub.registrations[one.key].state for one in others] == [RegistrationState.ACKNOWLEDGED] * 4
    fault = next(event for event in heard if event.kind is Kind.FAULT)
    assert isinstance(fault.error, ZeroDivisionError)
    assert fault.facts == {"key": str(broken.key)}


async def test_what_is_finished_is_reported_while_slower_ones_go_on(hub: HubSide, heard: Heard) -> None:
    slow, quick = entry_of(), entry_of()
    hub.queue(slow, quick)
    register = ScriptedGateway(on_send=registered)
    quickly = asyncio.Event()

    class Slow(ScriptedGateway):
        async def send(self, entry: RegisterEntry) -> Finding:
            if entry is slow:
                await quickly.wait()
            return await register.send(entry)

    running = asyncio.create_task(job(hub, Slow(), heard, Pace(2, 5, 0.2)).once())
    await heard.until(Kind.TAKEN)
    assert [(one.key, one.result) for one in hub.reports[0].outcomes] == [(quick.key, JobResult.ACKNOWLEDGED)]
    quickly.set()
    await running
    assert set(hub.states()) == {RegistrationState.ACKNOWLEDGED}


async def test_a_delivery_is_broken_off_before_the_lease_ends_and_reported_as_unknown(
    hub: HubSide, heard: Heard
) -> None:
    hub.pause_seconds = 3600
    stuck, waiting, asked = entry_of(), entry_of(), entry_of()
    hub.queue(stuck, waiting)
    hub.queue(asked, ask_first=True)
    register = ScriptedGateway(holding=asyncio.Event())
    await job(hub, register, heard, Pace(1, 5, 0.2)).once()
    said = {key: one.result for report in hub.reports for one in report.outcomes for key in [one.key]}
    assert said == {
        stuck.key: JobResult.UNKNOWN,
        waiting.key: JobResult.NOT_SENT,
        asked.key: JobResult.UNKNOWN,
    }
    assert register.sent == [stuck.key]
    assert not [event for event in heard if event.facts.get("refused")]


async def test_told_to_stop_it_finishes_what_is_under_way_and_gives_back_the_rest(
    hub: HubSide, heard: Heard
) -> None:
    entries = [entry_of() for _ in range(6)]
    hub.queue(*entries)
    register = ScriptedGateway(on_send=registered, holding=asyncio.Event())
    one = job(hub, register, heard, Pace(2, 300, 0.2))
    running = asyncio.create_task(one.continuously())
    await until(lambda: len(register.sent) == 2)
    one.stop()
    one.stop()
    assert register.holding
    register.holding.set()
    await running
    assert len(register.sent) == 2
    assert sorted(hub.states()) == ["acknowledged"] * 2 + ["queued"] * 4
    assert heard.count(Kind.STOPPING) == 1


async def test_stopped_while_it_waits_it_ends_at_once(hub: HubSide, heard: Heard) -> None:
    one = job(hub, ScriptedGateway(), heard, Pace(2, 300, 3600))
    running = asyncio.create_task(one.continuously())
    await heard.until(Kind.WAITING)
    one.stop()
    await running
    assert len(hub.claims) == 1


async def test_it_comes_back_when_the_next_can_be_taken(hub: HubSide, heard: Heard) -> None:
    entry = entry_of()
    hub.queue(entry)
    hub.pause_seconds = 0.3
    answers = iter([Finding(JobResult.PENDING)])
    register = ScriptedGateway(
        on_send=lambda _: next(answers), on_ask=lambda *_: answer_to(entry, RegisterResult.REGISTERED)
    )
    one = job(hub, register, heard, Pace(2, 300, 3600))
    running = asyncio.create_task(one.continuously())
    await until(lambda: hub.states() == [RegistrationState.ACKNOWLEDGED])
    one.stop()
    await running
    assert (len(register.sent), len(register.asked)) == (1, 1)


async def test_nothing_is_claimed_that_cannot_be_delivered(hub: HubSide, heard: Heard) -> None:
    hub.queue(entry_of())
    register = ScriptedGateway(away=Unanswered(Trouble.AWAY))
    await job(hub, register, heard).once()
    assert (hub.claims, heard.kinds()) == ([], [Kind.REGISTER_AWAY])
    summary = Summary()
    for event in heard:
        summary.count(event)
    assert summary.register_away == "away"


async def test_a_register_that_is_away_is_waited_for_and_mentioned_once(hub: HubSide, heard: Heard) -> None:
    hub.queue(entry_of())
    register = ScriptedGateway(on_send=registered, away=Unanswered(Trouble.AWAY))
    one = job(hub, register, heard)
    running = asyncio.create_task(one.continuously())
    await until(lambda: register.reached >= 2)
    register.away = None
    await heard.until(Kind.TAKEN)
    one.stop()
    await running
    assert hub.states() == [RegistrationState.ACKNOWLEDGED]
    assert (heard.count(Kind.REGISTER_AWAY), heard.count(Kind.REGISTER_BACK)) == (1, 1)


async def test_a_hub_that_is_away_is_waited_for_and_mentioned_once(hub: HubSide, heard: Heard) -> None:
    hub.queue(entry_of())
    hub.outages = 2
    one = job(hub, ScriptedGateway(on_send=registered), heard)
    running = asyncio.create_task(one.continuously())
    await heard.until(Kind.TAKEN)
    one.stop()
    await running
    assert hub.states() == [RegistrationState.ACKNOWLEDGED]
    assert (heard.count(Kind.HUB_AWAY), heard.count(Kind.HUB_BACK)) == (1, 1)


async def test_a_report_the_hub_did_not_get_is_made_again_with_the_same_words(
    hub: HubSide, heard: Heard
) -> None:
    hub.queue(entry_of())

    def then_away(entry: RegisterEntry) -> Finding:
        hub.outages = 1
        return registered(entry)

    one = job(hub, ScriptedGateway(on_send=then_away), heard)
    running = asyncio.create_task(one.continuously())
    await heard.until(Kind.TAKEN)
    one.stop()
    await running
    assert hub.states() == [RegistrationState.ACKNOWLEDGED]
    assert Kind.HUB_AWAY in heard.kinds()


async def test_a_single_turn_does_not_wait_for_the_hub(hub: HubSide, heard: Heard) -> None:
    hub.outages = 1
    with pytest.raises(HubOutage):
        await job(hub, ScriptedGateway(), heard).once()


async def test_a_job_that_died_leaves_what_is_asked_about_first(hub: HubSide, heard: Heard) -> None:
    entry = entry_of()
    hub.queue(entry)
    arrived = ScriptedGateway(on_send=registered, holding=asyncio.Event())
    dying = asyncio.create_task(job(hub, arrived, heard, Pace(1, 5, 1)).once())
    await until(lambda: bool(arrived.sent))
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying
    hub.registrations[entry.key].held_until = 0  # its lease has ended
    register = ScriptedGateway(on_ask=lambda *_: answer_to(entry, RegisterResult.REGISTERED))
    await job(hub, register, heard).once()
    assert (register.asked, register.sent) == ([entry.key], [])
    assert hub.states() == [RegistrationState.ACKNOWLEDGED]


async def test_two_jobs_at_once_share_the_work(hub: HubSide, heard: Heard) -> None:
    hub.queue(*(entry_of() for _ in range(40)))
    register = ScriptedGateway(on_send=registered)
    await asyncio.gather(*(job(hub, register, heard).once() for _ in range(2)))
    assert set(hub.states()) == {RegistrationState.ACKNOWLEDGED}
    assert len(register.sent) == len(set(register.sent)) == 40


async def test_files_that_cannot_be_cleared_away_stop_nothing(hub: HubSide, heard: Heard) -> None:
    hub.queue(entry_of(), entry_of())

    class Untidy(ScriptedGateway):
        async def settle(self, entry: RegisterEntry) -> None:
            raise Unanswered(Trouble.AWAY, key=str(entry.key))

    await job(hub, Untidy(on_send=registered), heard).once()
    assert set(hub.states()) == {RegistrationState.ACKNOWLEDGED}
    assert heard.count(Kind.NOT_SETTLED) == 2


@pytest.mark.parametrize("trouble", [Trouble.AWAY, Trouble.ACCESS, Trouble.FOLDERS])
async def test_what_one_delivery_meets_and_all_would_is_told_once(
    hub: HubSide, heard: Heard, trouble: Trouble
) -> None:
    hub.pause_seconds = 3600
    hub.queue(entry_of(), entry_of())
    await job(hub, ScriptedGateway(on_send=lambda _: unsent(trouble)), heard).once()
    assert [event.facts for event in heard if event.kind is Kind.REGISTER_AWAY] == [{"trouble": trouble}]


async def test_a_busy_register_is_not_away(hub: HubSide, heard: Heard) -> None:
    hub.pause_seconds = 3600
    hub.queue(entry_of(), entry_of())
    await job(hub, ScriptedGateway(on_send=lambda _: unsent(Trouble.BUSY)), heard).once()
    assert heard.count(Kind.REGISTER_AWAY) == 0
    assert set(hub.states()) == {RegistrationState.QUEUED}


async def test_it_waits_at_least_as_long_as_the_register_asked(hub: HubSide, heard: Heard) -> None:
    register = ScriptedGateway(away=Unanswered(Trouble.BUSY, timedelta(seconds=77)))
    one = job(hub, register, heard)
    running = asyncio.create_task(one.continuously())
    await heard.until(Kind.WAITING)
    one.stop()
    await running
    assert [event.facts["seconds"] for event in heard if event.kind is Kind.WAITING] == [77]
