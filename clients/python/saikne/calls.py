"""How calls to the hub are carried out: over httpx, by this machine's clock; `caller` decides."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx

from saikne.blocks import FileChanged, upload_blocks
from saikne.caller import Caller, accepted
from saikne.credentials import Credentials
from saikne.long_answer import LongAnswer, long_answer
from saikne.problems import UNREACHABLE, HubOutage, SaikneProblem, unreachable
from saikne.retries import Patience
from saikne.steps import FileBody, Flow, Headers, Need, Pause, Query, Request, Step

T = TypeVar("T")


class Calls:
    """Those of one conversation: they share a token, and the patience with a hub that is out of reach."""

    def __init__(
        self, http: httpx.AsyncClient, credentials: Credentials, patience: Patience, language: str
    ) -> None:
        self._http = http
        self.caller = Caller(credentials, patience, language)
        self._token_in_turn = asyncio.Lock()
        self._series: asyncio.Future[HubOutage | None] | None = None

    @property
    def patience(self) -> Patience:
        return self.caller.patience

    async def token(self) -> str:
        return await self._made(self.caller.token())

    async def public(self, path: str) -> httpx.Response:
        return await self._made(self.caller.public(path))

    async def read(self, path: str, query: Query | None = None) -> httpx.Response:
        return await self._made(self.caller.read(path, query))

    async def state(self, path: str, statement: bytes) -> httpx.Response:
        return await self._made(self.caller.state(path, statement))

    async def put(self, path: str, content: bytes, media_type: str) -> httpx.Response:
        return await self._made(self.caller.put(path, content, media_type))

    async def send_file(self, path: str, body: FileBody) -> httpx.Response:
        return await self._made(self.caller.send_file(path, body))

    @asynccontextmanager
    async def streamed(self, path: str, extra: Headers) -> AsyncIterator[LongAnswer]:
        """One attempt at a long answer, still unread; the caller resumes it."""
        url, token = self.caller.hub + path, await self._done(Need.TOKEN)
        headers = self.caller.headers("GET", url, token, _now(), {}) | extra
        try:
            async with long_answer(url, headers, self._http.timeout) as answer:
                accepted(answer.head, _now())
                yield answer
        except httpx.TransportError as error:
            raise unreachable(error) from error

    async def _made(self, call: Flow[T]) -> T:
        """Carry out a call, step by step."""
        tries_for_all: asyncio.Future[HubOutage | None] | None = None
        given_up: HubOutage | None = None
        try:
            step = next(call)
            while True:
                if step is Need.OTHERS and self._series is None:
                    tries_for_all = self._series = asyncio.get_running_loop().create_future()
                    step = call.send((False, _now()))
                    continue
                try:
                    came = await self._done(step)
                except SaikneProblem as problem:
                    step = call.throw(problem)
                else:
                    step = call.send((came, _now()))
        except StopIteration as end:
            made: T = end.value
            return made
        except HubOutage as outage:
            given_up = outage if outage.code == UNREACHABLE else None
            raise
        finally:
            call.close()
            if tries_for_all is not None:
                self._series = None
                tries_for_all.set_result(given_up)

    async def _done(self, step: Step) -> Any:
        """What comes of one step."""
        match step:
            case Request():
                return await self._sent(step)
            case Pause():
                await asyncio.sleep(step.duration.total_seconds())
            case Need.TOKEN:
                async with self._token_in_turn:
                    return await self._made(self.caller.tokens.held())
            case Need.OTHERS if self._series is not None:
                if given_up := await asyncio.shield(self._series):
                    raise given_up
                return True
        return None

    async def _sent(self, request: Request) -> httpx.Response:
        body = request.content
        try:
            if not isinstance(body, FileBody):
                return await self._http.request(
                    request.method, request.url, headers=request.headers, content=body
                )
            if body.path.stat().st_size != body.bytes:
                raise FileChanged(path=str(body.path))
            async with aclosing(upload_blocks(body.path, body.bytes, body.progress)) as blocks:
                return await self._http.request(
                    request.method, request.url, headers=request.headers, content=blocks
                )
        except httpx.TransportError as error:
            raise unreachable(error) from error


def _now() -> datetime:
    return datetime.now(UTC)
