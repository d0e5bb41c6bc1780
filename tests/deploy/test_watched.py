"""What an operator sees of a running installation: figures, alerts, a dashboard, one log, readiness."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import promql_parser
import pytest
import yaml

from tests.conftest import Cluster
from tests.deploy.installation import Figure, Installation

DEPLOY = Path(__file__).parents[2] / "deploy"
Json = dict[str, Any]
CANARY = "Kanarijputnins"

RULES: list[Json] = [
    rule
    for group in yaml.safe_load((DEPLOY / "alerts.yaml").read_text())["groups"]
    for rule in group["rules"]
]
DASHBOARD: Json = json.loads((DEPLOY / "dashboard.json").read_text())
PANELS: list[Json] = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
EXPRESSIONS = [rule["expr"] for rule in RULES] + [
    target["expr"] for panel in PANELS for target in panel["targets"]
]


@pytest.fixture(scope="module")
async def database_url(cluster: Cluster, template: str) -> Any:
    name = await cluster.create(template)
    yield cluster.url(name)
    await cluster.drop(name)


@pytest.fixture(scope="module")
def running(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    started = Installation.start(database_url, tmp_path_factory.mktemp("watched"))
    with started.client() as client:
        for _ in range(20):  # so that both processes have something to tell
            client.get("/v1/ready")
            client.get(f"/v1/exchanges/{uuid4()}")
    yield started
    for program in (started.serve, started.worker):
        program.stop()


def selectors(expression: str) -> list[Any]:
    """Every series that an expression reads, as the parser of Prometheus's own language sees it."""
    found, waiting = [], [promql_parser.parse(expression)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, promql_parser.VectorSelector):
            found.append(one)
        for name in ("lhs", "rhs", "expr", "args", "vector_selector"):
            inner = getattr(one, name, None)
            waiting += inner if isinstance(inner, list) else [inner] if inner is not None else []
    return found


def figures(running: Installation) -> list[Figure]:
    return [*running.serve.figures(), *running.worker.figures()]


def test_every_figure_that_alerts_and_dashboard_read_is_told_by_a_running_hub(running: Installation) -> None:
    told = {figure.name for figure in figures(running)} | {"up"}
    assert len(EXPRESSIONS) > 15
    read = {selector.name for expression in EXPRESSIONS for selector in selectors(expression)}
    assert all(selectors(expression) for expression in EXPRESSIONS)
    assert read - told == set()


def test_the_labels_that_are_asked_for_exist(running: Installation) -> None:
    told: dict[str, set[str]] = {"up": {"job"}}
    for figure in figures(running):
        told.setdefault(figure.name, set()).update(figure.labels)
    for expression in EXPRESSIONS:
        for selector in selectors(expression):
            asked = {matcher.name for matcher in selector.matchers.matchers}
            assert asked <= told[selector.name] | {"job"}, expression


def test_every_alert_says_what_is_the_matter_and_what_to_do() -> None:
    runbook = (DEPLOY / "runbook.md").read_text()
    for rule in RULES:
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert set(rule["annotations"]) == {"summary", "description"}
        assert f"`{rule['alert']}`" in runbook
    names = [rule["alert"] for rule in RULES]
    assert len(names) == len(set(names))


def test_no_figure_names_anybody_or_anything(running: Installation) -> None:
    with running.client() as client:
        client.get(f"/v1/{CANARY}", headers={"x-request-id": CANARY}, params={CANARY: CANARY})
    for figure in figures(running):
        for value in figure.labels.values():
            assert CANARY not in value
            assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}|@", value), figure


def test_requests_are_counted_by_their_declared_address_in_all_processes(running: Installation) -> None:
    asked = [
        figure
        for figure in running.serve.figures()
        if figure.name == "saikne_requests_total" and figure.labels["path"] == "/v1/exchanges/{identity}"
    ]
    assert {figure.labels["status_code"] for figure in asked} == {"401"}
    assert sum(figure.value for figure in asked) == 20


def test_a_worker_without_gateways_says_so(running: Installation) -> None:
    for what in ("mail", "sms"):
        assert running.worker.until("saikne_outlet", what=what).value == 0
    missing = {line["what"]: line for line in running.worker.log() if line["event"] == "no way out"}
    assert set(missing) == {"mail", "sms"}
    assert {line["level"] for line in missing.values()} == {"warning"}
    assert "exchange.tell" in missing["mail"]["promises"]


def test_every_line_of_both_programs_is_one_object_of_their_log(running: Installation) -> None:
    serve, worker = running.serve.log(), running.worker.log()
    assert all({"event", "level", "logger", "timestamp"} <= set(line) for line in (*serve, *worker))
    assert any(line["logger"].startswith("_granian") for line in serve)
    assert any(line["logger"] == "hub.plumbing.worker" for line in worker)


def test_the_number_of_a_call_stands_in_its_answer_its_problem_and_the_log(running: Installation) -> None:
    with running.client() as client:
        answers = [
            client.get(f"/v1/exchanges/{uuid4()}", headers={"X-Request-Id": CANARY}, params={"q": CANARY}),
            client.post("/oauth/token", data={"client_assertion": CANARY}),
            client.get("/v1/nowhere"),
        ]
    numbers = [answer.headers["x-request-id"] for answer in answers]
    assert len({UUID(number) for number in numbers}) == 3
    assert [answer.json()["instance"] for answer in (answers[0], answers[2])] == [
        f"urn:uuid:{numbers[0]}",
        f"urn:uuid:{numbers[2]}",
    ]
    (line,) = [line for line in running.serve.log() if line.get("request") == numbers[0]]
    assert (line["event"], line["code"]) == ("refused", "access.token-missing")
    assert CANARY not in running.serve.log_file.read_text()


def test_programs_that_are_stopped_leave_a_log_of_objects_to_the_last_line(
    database_url: str, tmp_path: Path
) -> None:
    stopped = Installation.start(database_url, tmp_path)
    assert [program.stop() for program in (stopped.serve, stopped.worker)] == ["", ""]
    assert stopped.worker.log()[-1]["event"] == "worker stopped"
    assert stopped.serve.log()[-1]["logger"].startswith("_granian")
    assert (stopped.serve.process.returncode, stopped.worker.process.returncode) == (0, 0)
