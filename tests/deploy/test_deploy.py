"""The deployment folder says what is true: commands, settings and processes exist."""

import os
import re
import subprocess
from configparser import ConfigParser
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typer

from agis_sync.command import application
from hub.ops.cli import app
from hub.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
FILES = [path for path in sorted(DEPLOY.rglob("*")) if path.is_file()]

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
    assert not re.search(r"--(?:extra-)?index-url|ghcr|quay|pypi\.org|pythonhosted", path.read_text())


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


UNITS = re.findall(r"```ini\n(\[Unit\].+?)```", _RUNBOOK, re.DOTALL)


def unit(words: str) -> ConfigParser:
    """The unit in the runbook that starts these words."""
    read = [ConfigParser(interpolation=None, strict=False) for _ in UNITS]
    for parser, written in zip(read, UNITS, strict=True):
        parser.optionxform = str  # type: ignore[assignment,method-assign]  # as systemd has it
        parser.read_string(written)
    (found,) = [one for one in read if f"/bin/{words}" in one["Service"]["ExecStart"]]
    return found


def test_the_job_ends_in_its_own_time_before_a_service_kills_it() -> None:
    """A lease lasts 300 seconds where nothing else is said; what is under way is reported in it."""
    seconds = unit("agis-sync run")["Service"]["TimeoutStopSec"]
    (lease,) = [one.default for one in JOB.commands["run"].params if one.name == "lease"]
    assert int(seconds) > lease


@pytest.mark.parametrize("process", ["serve", "worker"])
def test_a_process_by_hand_gets_its_own_settings_and_never_those_of_the_owner(process: str) -> None:
    service = unit(f"hub {process}")["Service"]
    assert (service["User"], service["EnvironmentFile"]) == ("saikne", "/etc/saikne/hub.env")
    assert timedelta(seconds=int(service["TimeoutStopSec"])) > 2 * Settings.model_fields["stop_time"].default


def test_two_processes_by_hand_answer_at_two_addresses() -> None:
    binds = {unit(f"hub {process}")["Service"]["Environment"] for process in ("serve", "worker")}
    assert binds == {f"HUB_METRICS_BIND={target}" for target in re.findall(r'targets: \["([^"]+)"', _RUNBOOK)}


def test_the_examples_of_the_environment_are_loaded_as_the_runbook_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (line,) = re.findall(r"(?m)^set -a; .+$", _RUNBOOK)
    for name in ("hub", "owner"):
        line = line.replace(f"/etc/saikne/{name}.env", str(DEPLOY / "env" / f"{name}.env.example"))
    bare = {"PATH": os.environ["PATH"]}
    loaded = subprocess.run(
        ["sh", "-c", f"{line}; env -0"], env=bare, capture_output=True, text=True, check=True
    ).stdout
    for name in [name for name in os.environ if name.startswith("HUB_")]:
        monkeypatch.delenv(name)
    for entry in loaded.split("\0"):
        name, _, value = entry.partition("=")
        if name.startswith("HUB_"):
            monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.home == Path("/var/lib/saikne")
    assert str(settings.database_url).startswith("postgresql://hub_app_login:")
    assert str(settings.database_owner_url).startswith("postgresql://hub_owner_login:")
    image = re.search(r"HUB_HOME=(\S+)", text("Containerfile"))
    assert image
    assert Path(image[1]) == settings.home
