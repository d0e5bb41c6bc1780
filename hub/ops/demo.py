"""`hub demo`: an installation on this machine, two centres, the whole story; then it goes on serving.

Played by a package of its own, which a production installation leaves out: `saikne_demo`.
"""

from pathlib import Path
from typing import Annotated

import typer

from hub.kernel.refusal import Refusal
from hub.ops.bad_news import told
from hub.ops.console import LangOption, language


class DemoNotInstalled(Refusal):
    code = "demo.not-installed"


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
        try:
            from saikne_demo.command import play
        except ModuleNotFoundError as absent:
            if absent.name != "saikne_demo":
                raise
            raise DemoNotInstalled(missing=absent.name, install="uv sync --group demo") from absent
    play(once=once, keep=keep, port=port, speech=speech)
