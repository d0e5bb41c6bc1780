"""`python -m tests.benchmarks [ROW …]`: run all rows or those named, print one JSON document."""

import asyncio
import json
import os
import platform
import shutil
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from tests.benchmarks.calling import listing, showing
from tests.benchmarks.creating import creating
from tests.benchmarks.fetching import fetching
from tests.benchmarks.growing import growing
from tests.benchmarks.handing_over import handing_over
from tests.benchmarks.holding import holding
from tests.benchmarks.looking import following, looking
from tests.benchmarks.neighbouring import neighbouring
from tests.benchmarks.reading import reading
from tests.benchmarks.registering import registering
from tests.benchmarks.row import FULL, Row, Scale
from tests.benchmarks.scene import Scene, scene
from tests.benchmarks.sealing import sealing
from tests.benchmarks.starting import starting
from tests.benchmarks.uploading import memory, speed

ROWS: dict[str, Callable[[Scene, Scale], Awaitable[Row]]] = {
    "memory": memory,
    "upload": speed,
    "create": creating,
    "reads": reading,
    "neighbours": neighbouring,
    "held": holding,
    "show": showing,
    "list": listing,
    "start": starting,
    "growth": growing,
    "board": looking,
    "followed": following,
}


ALONE: dict[str, tuple[tuple[str, ...], Callable[[Scale], Awaitable[dict[str, Row]]]]] = {
    "sealing": ((), lambda _: asyncio.to_thread(sealing)),
    "handover": (("nginx", "7z", "curl"), handing_over),
    "fetching": (("nginx", "curl"), fetching),
}
"""Several rows each, and what programs they need: on no hub, or on one of their own with TLS."""

REGISTRATIONS = "registrations"
"""On an installation of its own, whose processes are killed; some twenty minutes."""


async def measured(names: list[str], scale: Scale = FULL) -> dict[str, object]:
    rows: dict[str, object] = {}
    for group, (programs, measure) in ALONE.items():
        if group not in names:
            continue
        sys.stderr.write(f"{group} …\n")
        if lacking := [name for name in programs if shutil.which(name) is None]:
            rows[group] = {"skipped": f"{', '.join(lacking)} missing: tests/benchmarks/peers/debian.sh"}
        else:
            rows |= {name: row.as_json() for name, row in (await measure(scale)).items()}
    if REGISTRATIONS in names:
        sys.stderr.write(f"{REGISTRATIONS} …\n")
        rows[REGISTRATIONS] = (await registering()).as_json()
    against_the_hub = [name for name in names if name in ROWS]
    if against_the_hub:
        async with scene() as stage:
            for name in against_the_hub:
                sys.stderr.write(f"{name} …\n")
                rows[name] = (await ROWS[name](stage, scale)).as_json()
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "rows": rows,
    }


if __name__ == "__main__":
    every = [*ALONE, *ROWS, REGISTRATIONS]
    asked = sys.argv[1:] or every
    if unknown := set(asked) - set(every):
        sys.exit(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(every)}")
    sys.stdout.write(json.dumps(asyncio.run(measured(asked)), indent=2) + "\n")
