"""`hub demo`: an installation on this machine, two centres, the whole story; then it goes on serving."""

import shutil
import socket
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.ops.bad_news import told, why
from hub.ops.console import LangOption, fail, language
from hub.ops.demo.interruption import Interruption
from hub.wording.catalogue import text
from saikne_schemas.command_line import Exit

if TYPE_CHECKING:
    from hub.ops.demo.stage import Stage
    from hub.ops.demo.story import Story
    from hub.ops.demo.telling import Console

IMPATIENT = {"HUB_REGISTER_FIRST_PAUSE": "PT0.5S"}
"""Nobody wants to watch the hub wait half a minute before it asks the register again."""


def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Play the story and stop.")] = False,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Leave archive, password, documents and report here.")
    ] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Where to serve; 0 takes a free one.")
    ] = 0,
    lang: LangOption = None,
) -> None:
    """Play one exchange between two centres, for real, on this machine."""
    speech = language(lang)
    with told(speech):
        from hub.ops.demo.installed import demo_group

        with demo_group():
            from hub.ops.demo.stage import Stage
            from hub.ops.demo.story import Story
            from hub.ops.demo.telling import Console
    _look_ahead(port, keep, speech)
    interruption = Interruption()
    home = Path(tempfile.mkdtemp(prefix="saikne-demo-"))
    held = False
    try:
        with Stage(home, port=port, environment=IMPATIENT) as stage, Console(speech) as console:
            story = Story(stage, console, home / "scene")
            _play(story, console, interruption)
            if keep is not None:
                story.keep(keep)
                console.say(text("demo.kept", speech, place=keep))
            held = True
            if not once:
                _where_to_look(story, speech)
                _serve_on(stage, speech)
    except KeyboardInterrupt:
        if not held:
            print(text("demo.interrupted", speech), file=sys.stderr)
            raise typer.Exit(Exit.INTERRUPTED) from None
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _look_ahead(port: int, keep: Path | None, speech: str) -> None:
    """What would only fail after the story is refused before it."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as taken:
        fail(text("demo.port-taken", speech, port=port, why=why(taken)))
    if keep is None:
        return
    try:
        keep.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=keep):
            (keep / "report.json").unlink(missing_ok=True)
    except OSError as trouble:
        fail(text("demo.keep-trouble", speech, place=keep, why=why(trouble)))


def _play(story: "Story", console: "Console", interruption: Interruption) -> None:
    try:
        story.install()
        interruption.run(story.play)
    except Exception as trouble:
        console.failed(trouble)
        _show_logs(story.stage)
        raise typer.Exit(Exit.REFUSED) from trouble


def _show_logs(stage: "Stage") -> None:
    for name in ("serve", "worker"):
        if stage.log(name).exists():
            tail = stage.log(name).read_text(errors="replace").splitlines()[-20:]
            print(f"--- {name}", *tail, sep="\n", file=sys.stderr)


def _where_to_look(story: "Story", speech: str) -> None:
    from hub.ops.demo.story import homes

    stage = story.stage
    print()
    print(text("demo.look", speech))
    rows = [(text("demo.look.api", speech), f"{stage.url}/schema/openapi.json")]
    for who, installation in homes(story).items():
        verb = "overdue" if who == "overseer" else f"status {story.exchange}"
        rows.append(
            (text(f"demo.look.{who}", speech), f"SAIKNE_HOME={installation.home} uv run saikne {verb}")
        )
    rows.append(
        (
            text("demo.look.operator", speech),
            f"HUB_DATABASE_URL='{stage.owner_url}' uv run hub evidence verify",
        )
    )
    rows.append((text("demo.look.phone", speech), story.sms))
    rows.append((text("demo.look.files", speech), str(story.scene)))
    width = max(len(name) for name, _ in rows)
    for name, place in rows:
        print(f"  {name:<{width}}  {place}")
    print(text("demo.look.stop", speech), flush=True)


def _serve_on(stage: "Stage", speech: str) -> None:
    """Until interrupted, or until a process ends by itself."""
    pause = threading.Event()
    while not pause.wait(1.0):
        if name := stage.died:
            print(text("demo.process_died", speech, name=name, log=stage.log(name)), file=sys.stderr)
            _show_logs(stage)
            raise typer.Exit(Exit.REFUSED)
