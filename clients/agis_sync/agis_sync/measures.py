"""What the job measures, for Prometheus: counts, durations and when it last went well; no key, no name.

Source: house.md habit 8 (units in names). One registry a job, so that two in one process do not meet.
"""

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from agis_sync.telling import Event, Kind

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class Measures:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._claimed = Counter(
            "agis_sync_claimed", "Registrations taken from the hub.", registry=self.registry
        )
        self._outcomes = Counter(
            "agis_sync_outcomes", "Attempts that ended, by result.", ["result"], registry=self.registry
        )
        self._trouble = Counter(
            "agis_sync_trouble", "Attempts by what was the matter.", ["trouble"], registry=self.registry
        )
        self._not_taken = Counter(
            "agis_sync_not_taken", "Outcomes that changed nothing at the hub.", registry=self.registry
        )
        self._seconds = Histogram(
            "agis_sync_delivery_seconds",
            "How long an attempt took.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._outages = Counter(
            "agis_sync_outages", "How often a side went away.", ["side"], registry=self.registry
        )
        self._away = Gauge("agis_sync_away", "Whether a side is away now.", ["side"], registry=self.registry)
        self._success = Gauge(
            "agis_sync_last_success_timestamp_seconds",
            "When the hub last took outcomes.",
            registry=self.registry,
        )
        self._faults = Counter("agis_sync_faults", "Errors of the job's own.", registry=self.registry)
        self._odd = Counter(
            "agis_sync_odd_files",
            "Things in the register's folders that are no file of ours.",
            registry=self.registry,
        )
        for side in ("hub", "register"):
            self._outages.labels(side)
            self._away.labels(side)

    def count(self, event: Event) -> None:
        facts = event.facts
        if event.kind is Kind.CLAIMED:
            self._claimed.inc(int(str(facts["tasks"])))
        elif event.kind is Kind.DELIVERED:
            self._outcomes.labels(str(facts["result"])).inc()
            self._seconds.observe(float(str(facts["seconds"])))
            if "trouble" in facts:
                self._trouble.labels(str(facts["trouble"])).inc()
        elif event.kind is Kind.TAKEN:
            self._success.set(time.time())
            if "refused" in facts:
                self._not_taken.inc()
        elif event.kind is Kind.ODD_FILE:
            self._odd.inc()
        elif event.kind is Kind.FAULT:
            self._faults.inc()
        else:
            self._outage(event.kind)

    def _outage(self, kind: Kind) -> None:
        side, _, now = kind.value.partition("_")
        if kind in {Kind.HUB_AWAY, Kind.REGISTER_AWAY}:
            self._outages.labels(side).inc()
        if kind in {Kind.HUB_AWAY, Kind.REGISTER_AWAY, Kind.HUB_BACK, Kind.REGISTER_BACK}:
            self._away.labels(side).set(now == "away")

    def serve(self, address: str, port: int) -> int:
        """Answer at `/metrics`, with port 0 at a free one; where."""
        self._server, self._thread = start_http_server(port, address, self.registry)
        return self._server.server_port

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
