"""What `hub demo` does: look ahead, play the story, say where to look, go on serving."""

import os
import shutil
import socket
import sys
import tempfile
import threading
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import NoReturn

import typer

from saikne_demo import playing
from saikne_demo.house import House
from saikne_demo.interruption import Interruption
from saikne_demo.sentences import text
from saikne_demo.stage import Stage
from saikne_demo.story import Story, homes
from saikne_demo.telling import Console
from saikne_schemas.command_line import Exit

FOR_A_LOOK = {"HUB_REGISTER_FIRST_PAUSE": "PT0.5S", "HUB_LINK_SUFFICES": "true"}
"""Nobody wants to watch the hub wait half a minute before it asks the register again, or to make passkeys."""


def play(*, once: bool, keep: Path | None, port: int, speech: str) -> None:
    """The story; then, unless `once`, serve on. Ends by `typer.Exit` where it did not go well."""
    _look_ahead(port, keep, speech)
    interruption = Interruption()
    home = Path(tempfile.mkdtemp(prefix="saikne-demo-"))
    held = False
    try:
        with (
            Stage(home, port=port, host="localhost", environment=FOR_A_LOOK) as stage,
            ExitStack() as opened,
            Console(speech) as console,
        ):
            story = Story(stage, console, home / "scene")
            house = House(console, speech, opened)
            _tell(story, console, interruption, None if once else house.open)
            if keep is not None:
                story.keep(keep)
                console.say(text("kept", speech, place=keep))
            held = True
            if not once:
                _where_to_look(story, house.url, speech)
                _serve_on(stage, speech)
    except KeyboardInterrupt:
        if not held:
            print(text("interrupted", speech), file=sys.stderr)
            raise typer.Exit(Exit.INTERRUPTED) from None
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _look_ahead(port: int, keep: Path | None, speech: str) -> None:
    """What would only fail after the story is refused before it."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as taken:
        _refuse(text("port-taken", speech, port=port, why=_why(taken)))
    if keep is None:
        return
    try:
        keep.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=keep):
            (keep / "report.json").unlink(missing_ok=True)
    except OSError as trouble:
        _refuse(text("keep-trouble", speech, place=keep, why=_why(trouble)))


def _why(trouble: OSError) -> str:
    return os.strerror(trouble.errno) if trouble.errno else str(trouble)


def _refuse(why: str) -> NoReturn:
    print(why, file=sys.stderr)
    raise typer.Exit(Exit.BAD_INPUT)


def _tell(story: Story, console: Console, interruption: Interruption, opens: playing.Open | None) -> None:
    try:
        story.install()
        interruption.run(partial(playing.play, story, opens))
    except Exception as trouble:
        console.failed(trouble)
        _show_logs(story.stage)
        raise typer.Exit(Exit.REFUSED) from trouble


def _show_logs(stage: Stage) -> None:
    for name in ("serve", "worker"):
        if stage.log(name).exists():
            tail = stage.log(name).read_text(errors="replace").splitlines()[-20:]
            print(f"--- {name}", *tail, sep="\n", file=sys.stderr)


def _where_to_look(story: Story, shown_at: str, speech: str) -> None:
    stage = story.stage
    print()
    print(text("look", speech))
    rows = [(text("look.api", speech), f"{stage.url}/schema/openapi.json")]
    for who, installation in homes(story).items():
        verb = "overdue" if who == "overseer" else f"status {story.exchange}"
        rows.append((text(f"look.{who}", speech), f"SAIKNE_HOME={installation.home} uv run saikne {verb}"))
    rows.append(
        (
            text("look.operator", speech),
            f"HUB_HOME={stage.home} uv run hub evidence verify",
        )
    )
    rows.append((text("look.files", speech), str(story.scene)))
    _put_in_columns(rows)
    print(text("look.open", speech, url=shown_at))
    print(text("look.stop", speech), flush=True)


def _put_in_columns(rows: list[tuple[str, str]]) -> None:
    width = max(len(name) for name, _ in rows)
    for name, place in rows:
        print(f"  {name:<{width}}  {place}")


def _serve_on(stage: Stage, speech: str) -> None:
    """Until interrupted, or until a process ends by itself."""
    pause = threading.Event()
    while not pause.wait(1.0):
        if name := stage.died:
            print(text("process_died", speech, name=name, log=stage.log(name)), file=sys.stderr)
            _show_logs(stage)
            raise typer.Exit(Exit.REFUSED)
