"""`hub demo`: an installation on this machine, two centres, the whole story; then it goes on serving."""

import asyncio
import json
import shutil
import signal
import sys
import tempfile
import threading
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from hub.ops.terms import LangOption, language
from hub.wording.catalogue import text

if TYPE_CHECKING:
    from hub.ops.demo.stage import Stage
    from hub.ops.demo.story import Story

FAILED = 1


def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Play the story and stop.")] = False,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Leave archive, password, documents and report here.")
    ] = None,
    port: Annotated[int, typer.Option("--port", help="Where to serve; 0 takes a free one.")] = 0,
    lang: LangOption = None,
) -> None:
    """Play one exchange between two centres, for real, on this machine."""
    from hub.ops.demo.installed import demo_group

    demo_group()
    from hub.ops.demo.stage import Stage
    from hub.ops.demo.story import Story
    from hub.ops.demo.telling import Console

    speech = language(lang)
    signal.signal(signal.SIGTERM, _as_interrupt)
    home = Path(tempfile.mkdtemp(prefix="saikne-demo-"))
    held = False
    try:
        with Stage(home, port=port) as stage, Console(speech) as console:
            story = Story(stage, console, home / "scene")
            try:
                story.install()
                asyncio.run(story.play())
            except Exception as trouble:
                console.failed(trouble)
                _show_logs(stage)
                raise typer.Exit(FAILED) from trouble
            if keep is not None:
                story.keep(keep)
                report = json.dumps(story.report(), ensure_ascii=False, indent=2)
                (keep / "report.json").write_text(report + "\n", encoding="utf-8")
                console.say(text("demo.kept", speech, place=keep))
            if not once:
                _where_to_look(story, speech)
                _serve_on(stage, speech)
            held = True
    except KeyboardInterrupt:
        held = True
    finally:
        shutil.rmtree(home, ignore_errors=True)
    if not held:
        raise typer.Exit(FAILED)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


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
            raise typer.Exit(FAILED)
