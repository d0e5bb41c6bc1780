"""The runbook and the README show commands of the job that exist."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from agis_sync.command import application

ROOT = Path(__file__).parents[2]
TEXTS = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "deploy/runbook.md")]
SHOWN = sorted(
    {line.split("#")[0].strip() for text in TEXTS for line in re.findall(r"(?m)^ *(agis-sync .+)$", text)}
)
COMMANDS: Any = typer.main.get_command(application())


@pytest.mark.parametrize("shown", SHOWN)
def test_every_command_that_is_shown_exists(shown: str) -> None:
    command = COMMANDS.commands[shown.split()[1]]
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    assert {word for word in shown.split() if word.startswith("--")} <= known
