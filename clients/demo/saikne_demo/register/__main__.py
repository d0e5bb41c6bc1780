"""`python -m saikne_demo.register`: the register in a process of its own, for measuring and for trying out.

Its first line says where it is, as JSON: `url`, `token_url`, `client`, `jwk`, and `signing_jwk` where it
signs what it answers. On SIGTERM or Ctrl-C its last
line says what came of it: `in_force`, `took_effect` (how often in all), `twice` (keys), `faults` (how often
each).
"""

import json
import signal
from pathlib import Path
from typing import Annotated

import typer
from joserfc.jwk import ECKey

from saikne_demo.register import Fault, Faults, Manners, Register, RegisterFolder
from saikne_demo.register.over_http import CLIENT


def main(
    *,
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 0,
    chance: Annotated[list[str] | None, typer.Option(help="A fault by chance: busy=0.05.")] = None,
    seed: int = 0,
    slow_seconds: float = 1.0,
    retry_after_seconds: int = 1,
    signs: Annotated[
        bool, typer.Option("--signs", help="Sign what it answers, by a key of its own.")
    ] = False,
    folder: Annotated[Path | None, typer.Option(help="Also work in this folder's out/ and in/.")] = None,
) -> None:
    """Run a register until it is told to end."""
    faults = Faults(seed, Manners(slow_seconds=slow_seconds, retry_after_seconds=retry_after_seconds))
    for one in chance or []:
        name, _, probability = one.partition("=")
        faults.chance(Fault(name), float(probability))
    ending = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ending)  # before any thread starts: they inherit it
    signing_key = ECKey.generate_key("P-256", private=True) if signs else None
    register = Register(port=port, faults=faults, signing_key=signing_key)
    files = None if folder is None else RegisterFolder(folder, register.book, faults)
    with register:
        if files is not None:
            files.start()
        place = {"url": register.url, "token_url": register.token_url, "client": CLIENT, "jwk": register.jwk}
        signing = {"signing_jwk": register.signing_jwk} if signs else {}
        print(json.dumps({**place, **signing}), flush=True)
        signal.sigwait(ending)
        if files is not None:
            files.stop()
    print(json.dumps(_came_of(register)), flush=True)


def _came_of(register: Register) -> dict[str, object]:
    book = register.book
    return {
        "in_force": len(book.in_force()),
        "took_effect": sum(map(len, book.took_effect().values())),
        "twice": sorted(map(str, book.twice())),
        "faults": dict(sorted(register.faults.made.items())),
    }


if __name__ == "__main__":
    typer.run(main)
