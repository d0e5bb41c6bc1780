"""`hub serve`, `hub worker`, `hub migrate`: the processes of an installation.

`serve` is the HTTP API on granian; `worker` keeps what was promised. Both start the embedded database where
no URL is set and stop it with the last of them.
"""

import contextlib
import ctypes
import gc
import math
import os
import resource
import signal
import socket
import sys
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from hub.ops.bad_news import told, why
from hub.ops.console import LangOption, fail, language, say

MetricsOption = Annotated[str | None, typer.Option("--metrics", help="host:port for Prometheus's figures.")]
ProcessesOption = Annotated[int | None, typer.Option("--processes", min=1, help="Server processes.")]
_HIGHEST_PORT = 65535
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)

_BUFFER_BYTES = 1 << 20
"""Of one connection. A body comes in pieces of this size, each a hop from the server to the event loop: with
the default of 417,792 an upload takes a tenth longer."""

_LOOKED_THROUGH_AFTER = 20_000
"""New objects, until what is thrown away in circles is looked for: some thirty calls. With Python's default
of 700 every call does so, and spends a thirtieth of its time there."""

_BACKLOG = 4096
"""Connections that wait to be taken; the system may allow fewer (net.core.somaxconn)."""
_CALLS_AT_ONCE = 32
"""On one connection of HTTP/2."""

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from litestar import Litestar

    from hub.settings import Settings


def serve(
    *,
    bind: Annotated[str | None, typer.Option("--bind", help="host:port to listen on.")] = None,
    processes: ProcessesOption = None,
    metrics: MetricsOption = None,
    lang: LangOption = None,
) -> None:
    """Serve the HTTP API until told to stop."""
    from hub.plumbing import logs
    from hub.settings import Settings

    speech = language(lang)
    with told(speech):
        settings = Settings()
    given = {"bind": bind, "processes": processes, "metrics_bind": metrics}
    changes = {name: value for name, value in given.items() if value is not None}
    settings = settings.model_copy(update=changes)
    with told(speech):
        _look_at_the_certificate(settings)
    _look_at_the_port(settings.bind, "--bind, HUB_BIND", speech)
    figures = _figures(settings, _of_all_processes, speech)
    if settings.metrics_bind is not None:
        os.environ["HUB_METRICS_BIND"] = settings.metrics_bind
    ready = _ready(speech).model_copy(update=changes)
    logs.take_over()
    with figures:
        run_server("hub.ops.serving:application", ready)


def application() -> "Litestar":
    """What a server's process runs. It ends with the one that started it: a killed hub is dead as a whole."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    with _loading():
        from hub.app import from_environment

        return from_environment()


@contextlib.contextmanager
def _loading() -> "Iterator[None]":
    """What is loaded for good is not looked through for what could be thrown away, neither now nor later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(_LOOKED_THROUGH_AFTER)
        gc.enable()


def run_server(application: str, settings: "Settings") -> None:
    """The HTTP server as every installation runs it, whatever application it is given."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.http import HTTP1Settings, HTTP2Settings

    from hub.plumbing import logs
    from hub.web import stopping
    from hub.web.connections import HEAD_BYTES, room_for

    class Server(Granian):  # type: ignore[misc, valid-type]  # has no types
        """One whose processes hear that it stops before it waits for their answers."""

        def signal_handler_interrupt(self, *told: object, **how: object) -> None:
            stopping.begin()
            super().signal_handler_interrupt(*told, **how)

    _, files_at_most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files_at_most, files_at_most))
    host, port = host_and_port(settings.bind)
    stopping.serve_anew()
    Server(
        application,
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=settings.processes,
        ssl_cert=settings.tls_certificate,
        ssl_key=settings.tls_key,
        http=HTTPModes.auto if settings.tls_certificate else HTTPModes.http1,
        backlog=_BACKLOG,
        backpressure=room_for(settings.connections) * 5 // 4,  # more than the watch leaves
        http1_settings=HTTP1Settings(
            max_buffer_size=_BUFFER_BYTES,
            header_read_timeout=round(settings.head_time.total_seconds() * 1000),
        ),
        http2_settings=HTTP2Settings(max_headers_size=HEAD_BYTES, max_concurrent_streams=_CALLS_AT_ONCE),
        workers_kill_timeout=math.ceil(settings.stop_time.total_seconds()),
        respawn_failed_workers=True,
        log_access=False,
        log_dictconfig=logs.server_config(),
        websockets=False,
    ).serve()


def host_and_port(bind: str) -> tuple[str, int]:
    """Where to listen; a ValueError is not such a place."""
    host, _, port = bind.rpartition(":")
    if not host or not port.isdecimal() or int(port) > _HIGHEST_PORT:
        raise ValueError(bind)
    return host.strip("[]"), int(port)


def _look_at_the_certificate(settings: "Settings") -> None:
    """Refuse what TLS cannot be spoken with: the server would say so in words of its own, and start again."""
    from hub.plumbing.unfit import Unfit, require_certificate

    certificate, key = settings.tls_certificate, settings.tls_key
    if (certificate is None) is not (key is None):
        raise Unfit("both", setting="HUB_TLS_CERTIFICATE, HUB_TLS_KEY")
    if certificate is None or key is None:
        return
    try:
        require_certificate(certificate, key)
    except Unfit as unfit:
        of_key = unfit.takes == "key" or unfit.facts["path"] != str(certificate)
        setting = "HUB_TLS_KEY" if of_key else "HUB_TLS_CERTIFICATE"
        raise Unfit(unfit.takes, **unfit.facts, setting=setting) from None


def _look_at_the_port(bind: str, setting: str, speech: str) -> None:
    """Refuse an address that cannot be had: the server would share its port with a second hub."""
    try:
        address = host_and_port(bind)
    except ValueError:
        fail(say("serve.bind-wrong", speech, bind=bind, setting=setting))
    try:
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        socket.create_server(address, family=family).close()
    except OSError as taken:
        fail(say("serve.bind-taken", speech, bind=bind, why=why(taken), setting=setting))


def _figures(
    settings: "Settings", answer: "Callable[[tuple[str, int]], AbstractContextManager[int]]", speech: str
) -> "AbstractContextManager[int | None]":
    """Where Prometheus finds what is measured, if anywhere."""
    if settings.metrics_bind is None:
        return contextlib.nullcontext()
    _look_at_the_port(settings.metrics_bind, "--metrics, HUB_METRICS_BIND", speech)
    return answer(host_and_port(settings.metrics_bind))


@contextlib.contextmanager
def _of_all_processes(address: tuple[str, int]) -> "Iterator[int]":
    """Nothing that counts is loaded before its folder is named: the library looks for it only then."""
    with TemporaryDirectory(prefix="saikne-figures-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        from hub.plumbing import measures

        with measures.answering(address, measures.together(folder)) as port:
            yield port


def worker(*, metrics: MetricsOption = None, lang: LangOption = None) -> None:
    """Keep what was promised: mails, passwords, reminders, erasures, until told to stop."""
    import asyncio

    with _loading():
        from hub import timetable
        from hub.ops.figures import Figures
        from hub.parts import assemble
        from hub.plumbing import logs, measures, standard_time

    speech = language(lang)
    settings = _ready(speech)
    if metrics is not None:
        settings = settings.model_copy(update={"metrics_bind": metrics})
    answering = _figures(settings, measures.answering, speech)
    logs.take_over()

    async def work() -> None:
        parts = assemble(settings)
        keeper = timetable.worker(parts)
        keeper.stop_on_signals()
        figures = (
            asyncio.create_task(Figures(parts, {*keeper.names, *timetable.BY_MAIL, *timetable.BY_SMS}).keep())
            if settings.metrics_bind
            else None
        )
        async with standard_time.kept(parts.database):
            await keeper.run()
        if figures is not None:
            figures.cancel()
            await asyncio.wait([figures])
        await parts.close()

    with answering:
        asyncio.run(work())


def migrate(*, lang: LangOption = None) -> None:
    """Bring the database to this version's schema; safe to repeat."""
    from hub.ops import schema
    from hub.ops.database import named, owner_setting, owner_url, run
    from hub.settings import Settings

    speech = language(lang)
    with told(speech):
        settings = Settings()
        with named(owner_setting(settings)):
            url = owner_url(settings)
            place = run(schema.place(url))
            run(schema.install(url))
    if settings.database_url is None:
        print(say("migrate.embedded", speech, directory=settings.embedded_directory, version=schema.newest()))
    else:
        print(say("migrate.done", speech, place=place, version=schema.newest()))


def _ready(speech: str) -> "Settings":
    """Settings with a database that is there and migrated; processes started from here inherit them.

    The embedded database is migrated here; any other only by `hub migrate`.
    """
    from hub.ops import own_keys, schema
    from hub.ops.database import app_url, owner_url, run
    from hub.settings import Settings

    with told(speech):
        settings = Settings()
        if settings.database_url is None:
            run(schema.install(owner_url(settings)))
            os.environ["HUB_DATABASE_URL"] = app_url(settings)
        elif run(schema.version(settings.database_url)) != schema.newest():
            fail(say("serve.not-migrated", speech))
        run(own_keys.ready(app_url(settings), settings.keys_directory))
    return Settings()
