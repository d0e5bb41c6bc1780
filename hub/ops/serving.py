"""`hub serve`, `hub worker`, `hub migrate`: the processes of an installation.

`serve` is the HTTP API on granian; `worker` keeps what was promised. Both start the embedded database where
no URL is set and stop it with the last of them.
"""

import os
from typing import Annotated

import typer

from hub.ops.centres import told
from hub.ops.terms import LangOption, fail, language, say
from hub.settings import Settings

ProcessesOption = Annotated[int | None, typer.Option("--processes", min=1, help="Server processes.")]


def serve(
    bind: Annotated[str | None, typer.Option("--bind", help="host:port to listen on.")] = None,
    processes: ProcessesOption = None,
) -> None:
    """Serve the HTTP API until told to stop."""
    given = {"bind": bind, "processes": processes}
    changes = {name: value for name, value in given.items() if value is not None}
    run_server("hub.app:from_environment", _ready().model_copy(update=changes))


def run_server(application: str, settings: Settings) -> None:
    """The HTTP server as every installation runs it, whatever application it is given."""
    from granian import Granian
    from granian.constants import Interfaces, Loops
    from granian.http import HTTP1Settings

    host, _, port = settings.bind.rpartition(":")
    Granian(
        application,
        factory=True,
        address=host,
        port=int(port),
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=settings.processes,
        ssl_cert=settings.tls_certificate,
        ssl_key=settings.tls_key,
        http1_settings=HTTP1Settings(max_buffer_size=417_792),
        respawn_failed_workers=True,
        log_access=False,
        websockets=False,
    ).serve()


def worker() -> None:
    """Keep what was promised: mails, passwords, reminders, erasures, until told to stop."""
    import asyncio

    from hub import timetable
    from hub.parts import assemble
    from hub.plumbing import logs

    settings = _ready()
    logs.configure()

    async def work() -> None:
        parts = assemble(settings)
        keeper = timetable.worker(parts)
        keeper.stop_on_signals()
        await keeper.run()
        await parts.close()

    asyncio.run(work())


def migrate(*, lang: LangOption = None) -> None:
    """Bring the database to this version's schema; safe to repeat."""
    from hub.ops import schema
    from hub.ops.database import owner_url, run

    with told(language(lang)):
        run(schema.install(owner_url(Settings())))
    print(say("migrate.done", language(lang), version=schema.newest()))


def _ready() -> Settings:
    """Settings with a database that is there and migrated; processes started from here inherit them.

    The embedded database is migrated here; any other only by `hub migrate`.
    """
    from hub.ops import schema
    from hub.ops.database import app_url, owner_url, run

    settings = Settings()
    speech = language(None)
    with told(speech):
        if settings.database_url is None:
            run(schema.install(owner_url(settings)))
            os.environ["HUB_DATABASE_URL"] = app_url(settings)
        elif run(schema.version(settings.database_url)) != schema.newest():
            fail(say("serve.not-migrated", speech))
    return Settings()
