"""The deployment folder says what is true: commands and settings exist, libraries are locked as declared."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from packaging.requirements import Requirement

from agis_sync.command import application
from hub.ops.cli import app
from hub.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
FILES = [path for path in sorted(DEPLOY.rglob("*")) if path.is_file()]
Json = dict[str, Any]

NOT_SETTINGS = {"HUB_OWNER_PASSWORD", "HUB_APP_PASSWORD"}
"""For the database's own container."""


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def called(path: Path) -> str:
    return str(path.relative_to(DEPLOY))


@pytest.mark.parametrize("path", FILES, ids=called)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    named = set(re.findall(r"\bHUB_[A-Z_]+\b", path.read_text()))
    assert named <= {f"HUB_{name.upper()}" for name in Settings.model_fields} | NOT_SETTINGS


@pytest.mark.parametrize("path", FILES, ids=called)
def test_no_image_and_no_library_is_bound_to_a_registry(path: Path) -> None:
    images = re.findall(r"(?m)^(?:FROM|\s*image:)\s+(?:&\w+\s+)?([^\s*]+)", path.read_text())
    assert not [image for image in images if "/" in image]
    assert not re.search(r"--(?:extra-)?index-url|ghcr|quay|pypi", path.read_text())


COMMANDS: Any = typer.main.get_command(app)
_RUNBOOK = text("runbook.md")
SHOWN = sorted({*re.findall(r"`(hub [^`\n]+)`", _RUNBOOK), *re.findall(r"(?m)^hub .+$", _RUNBOOK)})


@pytest.mark.parametrize("shown", SHOWN)
def test_every_command_in_the_runbook_exists(shown: str) -> None:
    command, words = COMMANDS, shown.split()[1:]
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    given = {word for word in words if word.startswith("--")}
    assert given <= {name for parameter in command.params for name in parameter.opts}
    required = {one.opts[0] for one in command.params if one.required and one.opts[0].startswith("--")}
    assert not given or required <= given


JOB: Any = typer.main.get_command(application())
JOBS = sorted(set(re.findall(r"\bagis-sync ([a-z]+ .+)$", _RUNBOOK, re.MULTILINE)))


@pytest.mark.parametrize("shown", JOBS)
def test_every_command_of_the_job_in_the_runbook_exists(shown: str) -> None:
    verb, *words = shown.split("`", maxsplit=1)[0].split()
    known = {name for one in JOB.commands[verb].params for name in (*one.opts, *one.secondary_opts, "--json")}
    assert {word for word in words if word.startswith("--")} <= known


def test_the_job_ends_in_its_own_time_before_a_service_kills_it() -> None:
    """A lease lasts 300 seconds where nothing else is said; what is under way is reported in it."""
    (seconds,) = re.findall(r"(?m)^TimeoutStopSec=(\d+)$", _RUNBOOK)
    (lease,) = [one.default for one in JOB.commands["run"].params if one.name == "lease"]
    assert int(seconds) > lease


def test_every_process_of_an_installation_is_started() -> None:
    compose: Json = yaml.safe_load(text("compose.yaml"))["services"]
    started = {tuple(service["command"]) for service in compose.values() if "command" in service}
    assert started == {("migrate",), ("serve",), ("worker",)}
    parts = list(yaml.safe_load_all(text("kubernetes.yaml")))
    containers = [
        one
        for part in parts
        if part["kind"] in {"Deployment", "Job"}
        for one in part["spec"]["template"]["spec"]["containers"]
    ]
    assert sorted(one["args"][0] for one in containers) == ["migrate", "serve", "worker"]


def test_only_migrate_and_the_operator_know_the_owners_password() -> None:
    compose: Json = yaml.safe_load(text("compose.yaml"))["services"]
    knowing = {name for name, service in compose.items() if "env/owner.env" in service["env_file"]}
    assert knowing == {"migrate", "operator"}
    for part in yaml.safe_load_all(text("kubernetes.yaml")):
        if part["kind"] == "Deployment":
            assert "saikne-owner" not in yaml.dump(part)


def test_kubernetes_lets_no_traffic_in_but_to_serve() -> None:
    parts = list(yaml.safe_load_all(text("kubernetes.yaml")))
    policies = {part["metadata"]["name"]: part["spec"] for part in parts if part["kind"] == "NetworkPolicy"}
    assert policies["saikne-in"]["ingress"] == []
    assert policies["saikne-serve-in"]["podSelector"]["matchLabels"]["part"] == "serve"
    serve = next(part for part in parts if part["metadata"]["name"] == "saikne-serve")
    container = serve["spec"]["template"]["spec"]["containers"][0]
    assert container["readinessProbe"]["httpGet"]["path"] == "/v1/health"
    assert container["securityContext"]["readOnlyRootFilesystem"] is True


LOCKED = {
    line.split("==")[0]: line.split("==")[1].split()[0]
    for line in text("requirements.lock").splitlines()
    if "==" in line and not line.startswith((" ", "#"))
}


def declared() -> list[Requirement]:
    found = []
    for project in (ROOT / "pyproject.toml", ROOT / "schemas" / "pyproject.toml"):
        listed = tomllib.loads(project.read_text())["project"]["dependencies"]
        found += [Requirement(one) for one in listed]
    return [one for one in found if one.name != "saikne-schemas"]


@pytest.mark.parametrize("requirement", declared(), ids=lambda one: one.name)
def test_a_library_is_locked_at_a_version_that_the_project_allows(requirement: Requirement) -> None:
    assert requirement.specifier.contains(LOCKED[requirement.name.lower()])


def test_every_locked_library_has_its_digests_and_no_address() -> None:
    body = "".join(line for line in text("requirements.lock").splitlines(keepends=True) if line[0] != "#")
    entries = re.split(r"\n(?=\S)", body.strip())
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", entry) for entry in entries)
    assert "://" not in body
    assert "@" not in body
