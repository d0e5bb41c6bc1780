"""Whatever a key is called, it can be typed: a thumbprint in base64url may begin with a hyphen or two."""

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from hub.ops.cli import app as hub
from hub.ops.console import KeyCommand
from saikne_schemas.command_line import Exit

app = typer.Typer(context_settings={"help_option_names": ["-h", "--help"]})


@app.command(cls=KeyCommand)
def name(key: str, *, yes: bool = False, because: str = "") -> None:
    typer.echo(f"{key} {yes} {because}")


@pytest.mark.parametrize(
    "key",
    ["plain_-", "-" + "a" * 42, "--" + "a" * 41, "-" + "h" * 42, "-yhJson", "receipt--x", "---" + "_" * 40],
)
@pytest.mark.parametrize("options", [[], ["--yes"], ["--because", "-lost"], ["--because=-x", "--yes"]])
def test_a_key_is_named_wherever_its_options_stand(key: str, options: list[str]) -> None:
    because = {"--because": "-lost", "--because=-x": "-x"}.get(options[0] if options else "", "")
    for words in ([key, *options], [*options, key], [*options, "--", key]):
        told = CliRunner().invoke(app, words)
        assert (told.exit_code, told.output) == (0, f"{key} {'--yes' in options} {because}\n"), words


@pytest.mark.parametrize("word", ["-x", "-yes", "--nonsense-that-is-no-option"])
def test_an_option_that_is_none_is_still_refused(word: str) -> None:
    assert CliRunner().invoke(app, ["some-key", word]).exit_code == Exit.BAD_INPUT
    assert CliRunner().invoke(app, ["-h"]).exit_code == 0


@pytest.mark.parametrize(
    "path", [("key", "retire"), ("key", "revoke"), ("person", "approve"), ("register", "retire-key")]
)
def test_every_command_that_names_a_key_reads_it_so(path: tuple[str, str]) -> None:
    group, verb = path
    commands = get_command(hub).commands[group].commands  # type: ignore[attr-defined]
    assert isinstance(commands[verb], KeyCommand)
    named = {
        (at, of)
        for at, below in get_command(hub).commands.items()  # type: ignore[attr-defined]
        for of, command in getattr(below, "commands", {}).items()
        if any(one.param_type_name == "argument" and one.metavar in {"KEY", "KID"} for one in command.params)
    }
    assert path in named
    assert len(named) == 4
