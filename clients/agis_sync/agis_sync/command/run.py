"""`agis-sync run`: the job itself, once or for good, told to people line by line or to programs as JSON.

With `--json` every event is one line, and the last line is the summary. A signal ends it in good order: what
is under way is finished and reported.
"""

import asyncio
import logging
import signal
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from agis_sync.command.connection import hub_connection
from agis_sync.command.ways import Way, by_a_way
from agis_sync.telling import Event, Kind, Summary, Tell
from saikne.command.manners import verb
from saikne.command.speech import Console, word
from saikne_schemas.command_line import Exit

if TYPE_CHECKING:
    from agis_sync.gateways import Gateway
    from agis_sync.running import Pace

_THIS_MACHINE = "127.0.0.1"
AtOnce = Annotated[int, typer.Option("--at-once", min=1, max=25, envvar="AGIS_SYNC_AT_ONCE")]
Lease = Annotated[int, typer.Option("--lease", min=5, max=3600, envvar="AGIS_SYNC_LEASE")]
Poll = Annotated[int, typer.Option("--poll", min=1, max=86_400, envvar="AGIS_SYNC_POLL")]
MetricsPort = Annotated[
    int | None, typer.Option("--metrics-port", min=1, max=65_535, envvar="AGIS_SYNC_METRICS_PORT")
]
MetricsAddress = Annotated[str, typer.Option("--metrics-address", envvar="AGIS_SYNC_METRICS_ADDRESS")]


@verb
@by_a_way
async def run(
    console: Console,
    way: Way,
    *,
    once: Annotated[bool, typer.Option("--once/--continuous")],
    at_once: AtOnce = 8,
    lease: Lease = 300,
    poll: Poll = 60,
    metrics_port: MetricsPort = None,
    metrics_address: MetricsAddress = _THIS_MACHINE,
) -> None:
    """Bring what waits to the register and its answers to the hub."""
    from agis_sync.log import Log
    from agis_sync.running import Pace

    console.indent = None
    gateway, summary = way.gateway(), Summary()
    watched = sys.stderr.isatty() and not console.as_json
    log = Log(level=logging.ERROR if watched else logging.INFO)
    listeners = [summary.count, lambda event: _tell(console, event), log.write]
    if metrics_port is not None:
        from agis_sync.measures import Measures

        measures = Measures()
        measures.serve(metrics_address, metrics_port)
        listeners.append(measures.count)

    def tell(event: Event) -> None:
        for listen in listeners:
            listen(event)

    try:
        await _work(gateway, Pace(at_once, lease, poll), tell, once=once)
    finally:
        _sum_up(console, summary)
    if once and summary.register_away is not None:
        raise typer.Exit(Exit.OUT_OF_REACH)


async def _work(gateway: "Gateway", pace: "Pace", tell: Tell, *, once: bool) -> None:
    from agis_sync.running import Job

    try:
        async with hub_connection() as hub:
            job = Job(hub, gateway, pace, tell)
            loop = asyncio.get_running_loop()
            for name in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(name, job.stop)
            await (job.once() if once else job.continuously())
    finally:
        await gateway.close()


def _tell(console: Console, event: Event) -> None:
    """To people what they can do something with; to programs everything."""
    console.document({"event": event.kind.value, **event.facts})
    facts = event.facts
    if event.kind is Kind.CLAIMED:
        console.tell("run.claimed", tasks=facts["tasks"])
    elif event.kind is Kind.DELIVERED:
        result = word("run.result", facts["result"])
        console.tell("run.delivered", key=facts["key"], revision=facts["revision"], result=result)
        if facts.get("for_a_person"):
            _warn(console, f"register.unanswered.{facts['trouble']}")
    elif event.kind is Kind.ODD_FILE:
        console.tell("run.odd-file", folder=facts["folder"], name=facts["name"])
    elif event.kind is Kind.REGISTER_AWAY:
        _warn(console, f"register.unanswered.{facts['trouble']}")
    elif event.kind in {Kind.HUB_AWAY, Kind.HUB_BACK, Kind.REGISTER_BACK, Kind.STOPPING, Kind.FAULT}:
        console.tell(f"run.{event.kind.value.replace('_', '-')}")


def _warn(console: Console, identifier: str) -> None:
    if not console.as_json:
        console.warn(identifier)
        console.warn(f"{identifier}.do")


def _sum_up(console: Console, summary: Summary) -> None:
    results = ", ".join(f"{word('run.result', name)}: {count}" for name, count in summary.results.items())
    console.tell("run.summary", claimed=summary.claimed, results=results or "-")
    if summary.for_a_person:
        console.tell("run.for-a-person", count=sum(summary.for_a_person.values()))
    console.document({"event": "summary", **vars(summary)})
