"""What the job tells: figures that add up, a log line for each event, and never what an entry holds."""

import io
import json
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from agis_sync.gateways.findings import Finding, Trouble, Unanswered, judged, unknown
from agis_sync.log import Log
from agis_sync.measures import Measures
from agis_sync.running import Job, Pace
from agis_sync.telling import Event, Kind, Summary
from saikne_schemas.register_entries import RegisterEntry
from saikne_schemas.register_words import JobResult, RegisterResult
from tests.agis_sync.entries import CANARY, ScriptedGateway, answer_to, entry_of
from tests.agis_sync.hub_side import HubSide

PACE = Pace(at_once=2, lease_seconds=300, poll_seconds=0.2)


@pytest.fixture
def told() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def measures() -> Measures:
    return Measures()


def figure(measures: Measures, name: str, **labels: str) -> float | None:
    return measures.registry.get_sample_value(f"agis_sync_{name}", labels)


async def a_run(entries: list[RegisterEntry], told: io.StringIO, measures: Measures) -> Summary:
    """Every second one meets an error that quotes the entry, the rest is registered."""
    hub, summary, log = HubSide(pause_seconds=3600), Summary(), Log(told)
    hub.queue(*entries)

    def send(entry: RegisterEntry) -> Finding:
        if entries.index(entry) % 2:
            raise ValueError(entry.model_dump_json())
        return judged(entry, answer_to(entry, RegisterResult.REGISTERED))

    def tell(event: Event) -> None:
        for listen in (summary.count, log.write, measures.count):
            listen(event)

    await Job(hub, ScriptedGateway(on_send=send), PACE, tell).once()
    return summary


async def test_figures_and_summary_say_the_same(told: io.StringIO, measures: Measures) -> None:
    summary = await a_run([entry_of() for _ in range(6)], told, measures)
    assert (summary.claimed, summary.results) == (6, {"acknowledged": 3, "unknown": 3})
    assert summary.for_a_person == {"unexpected": 3}
    assert figure(measures, "claimed_total") == 6
    assert figure(measures, "outcomes_total", result="acknowledged") == 3
    assert figure(measures, "outcomes_total", result="unknown") == 3
    assert figure(measures, "trouble_total", trouble="unexpected") == 3
    assert figure(measures, "faults_total") == 3
    assert figure(measures, "delivery_seconds_count") == 6
    assert (figure(measures, "last_success_timestamp_seconds") or 0) > 0


async def test_nothing_of_an_entry_is_told(told: io.StringIO, measures: Measures) -> None:
    entries = [entry_of() for _ in range(6)]
    await a_run(entries, told, measures)
    lines = [json.loads(line) for line in told.getvalue().splitlines()]
    assert {line["event"] for line in lines} == {"claimed", "delivered", "fault"}
    assert CANARY not in told.getvalue()
    assert "test_telling.py" in told.getvalue()  # where the fault came from is told
    _, server_text = served(measures)
    assert CANARY not in server_text
    assert not [one for one in entries if str(one.key) in server_text]


def served(measures: Measures) -> tuple[int, str]:
    """What Prometheus gets."""
    port = measures.serve("127.0.0.1", 0)
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        text = answer.read().decode()
    measures.stop()
    return port, text


def test_figures_are_served_as_prometheus_reads_them(measures: Measures) -> None:
    measures.count(Event(Kind.CLAIMED, {"tasks": 3}))
    families = {one.name for one in text_string_to_metric_families(served(measures)[1])}
    assert {"agis_sync_claimed", "agis_sync_outages", "agis_sync_delivery_seconds"} <= families


@pytest.mark.parametrize("side", ["hub", "register"])
def test_an_outage_is_counted_once_and_shown_until_it_is_over(measures: Measures, side: str) -> None:
    assert figure(measures, "outages_total", side=side) == 0
    measures.count(Event(Kind(f"{side}_away"), {"trouble": "away"}))
    assert (figure(measures, "outages_total", side=side), figure(measures, "away", side=side)) == (1, 1)
    measures.count(Event(Kind(f"{side}_back")))
    assert (figure(measures, "outages_total", side=side), figure(measures, "away", side=side)) == (1, 0)


@pytest.mark.parametrize("kind", Kind)
def test_every_event_can_be_counted_logged_and_summed(
    measures: Measures, told: io.StringIO, kind: Kind
) -> None:
    facts = {"tasks": 1, "result": "unknown", "seconds": 0.1, "trouble": "away", "key": "k"}
    event = Event(kind, dict(facts))
    Summary().count(event)
    measures.count(event)
    Log(told, level=0).write(event)
    assert json.loads(told.getvalue())["event"] == kind.value


async def test_what_a_person_should_look_at_is_a_warning(told: io.StringIO) -> None:
    hub = HubSide(pause_seconds=3600)
    hub.queue(entry_of())
    register = ScriptedGateway(on_send=lambda _: unknown(Trouble.OF_ANOTHER_ENTRY))
    await Job(hub, register, PACE, Log(told).write).once()
    warned = [json.loads(line) for line in told.getvalue().splitlines() if '"warning"' in line]
    assert [(line["event"], line["trouble"]) for line in warned] == [("delivered", "of_another_entry")]


async def test_an_error_is_told_by_its_kinds_and_places(told: io.StringIO) -> None:
    hub = HubSide(pause_seconds=3600)
    hub.queue(entry_of())

    def send(_entry: RegisterEntry) -> Finding:
        raise KeyError(CANARY) from Unanswered(Trouble.AWAY)

    await Job(hub, ScriptedGateway(on_send=send), PACE, Log(told).write).once()
    fault = next(line for line in map(json.loads, told.getvalue().splitlines()) if line["event"] == "fault")
    kinds = [one for one in fault["exception"] if not one.startswith(" ")]
    assert kinds == ["builtins.KeyError", "agis_sync.gateways.findings.Unanswered"]
    assert hub.states() == [JobResult.UNKNOWN.value]
