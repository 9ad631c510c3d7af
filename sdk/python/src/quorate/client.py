"""The two clients: `Client` blocks, `AsyncClient` awaits. They send the same calls (calls.py)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import httpx_sse
from pydantic import BaseModel, ValidationError

from . import calls
from .calls import Call, Flow, Pause
from .errors import QuorateError, Refused, Unreachable
from .models import (
    Account,
    AuditEntry,
    Content,
    OrderedParticipant,
    OrderedSession,
    Reshare,
    Session,
    Signature,
)
from .shares import Pin, UserKey

T = TypeVar("T", bound=BaseModel)
Result = TypeVar("Result")

#: Between the tries of a call that is safe to repeat.
_PAUSES = (0.2, 1.0)


class Client:
    """Use it in a `with`, or call `close`. Safe to share between threads."""

    def __init__(
        self, base_url: str, api_key: str, *, timeout: float = 30.0, transport: httpx.BaseTransport | None = None
    ) -> None:
        headers = {"x-api-key": api_key}
        self._http = httpx.Client(base_url=base_url, headers=headers, timeout=timeout, transport=transport)

    def create_wallet(
        self,
        *,
        user: str,
        servers: list[str],
        threshold: int,
        key: UserKey,
        pin: Pin,
        name: str,
        store: Callable[[str], None],
    ) -> Account:
        """Makes a wallet of one user and server parties, by the user-share calls.

        :param store: keeps the share's file, durably, before it returns: only then the wallet is confirmed
        :raises NotVouched: somebody in between; the wallet is not confirmed then
        """
        return self._run(
            calls.create_wallet(
                user=user, servers=servers, threshold=threshold, key=key, pin=pin, name=name, store=store
            )
        )

    def sign(
        self, *, account: Account, user: str, servers: list[str], content: Content, key: UserKey, share: str, pin: Pin
    ) -> Signature:
        """:param share: the file that `store` was given"""
        return self._run(
            calls.sign(account=account, user=user, servers=servers, content=content, key=key, share=share, pin=pin)
        )

    def recover(
        self, *, account: Account, invitation: str, key: UserKey, pin: Pin, store: Callable[[str], None]
    ) -> Account:
        """Makes a new share for a user who has lost the old one; the wallet's key and addresses stay.

        :param invitation: from a member of the wallet, such as a server party that its operator started with --recover
        :param store: keeps the new share's file, durably, before it returns: only then the old shares are given up
        :returns: the account with its new epoch, which `sign` needs
        :raises NotVouched: somebody in between; nothing is confirmed then, and the old shares sign
        :raises SessionEnded: the old shares sign
        """
        return self._run(
            calls.recover(account=account, invitation=invitation, key=key, pin=pin, store=store)
        )

    def reshare(self, reshare_id: str) -> Reshare:
        """New shares of an account's wallet: how far they are."""
        return self._send(calls.get_reshare(reshare_id))

    def reshares(self, account_id: str) -> list[Reshare]:
        """Those of an account, the newest first."""
        return self._send(calls.list_reshares(account_id)).reshares

    def order_keygen(
        self, participants: list[OrderedParticipant], threshold: int, *, life_seconds: int = 600
    ) -> OrderedSession:
        return self._send(calls.order_keygen(participants, threshold, life_seconds))

    def order_signature(
        self, account_id: str, content: Content, participants: list[str], *, life_seconds: int = 600
    ) -> OrderedSession:
        return self._send(calls.order_signature(account_id, content, participants, life_seconds))

    def session(self, session_id: str) -> Session:
        return self._send(calls.get_session(session_id))

    def completed(self, session_id: str) -> Session:
        """Waits. :raises SessionEnded:"""
        return self._run(calls.completed(session_id))

    def create_account(self, session_id: str, name: str) -> Account:
        return self._send(calls.create_account(session_id, name))

    def accounts(self) -> list[Account]:
        return self._send(calls.list_accounts()).accounts

    def account(self, account_id: str) -> Account:
        return self._send(calls.get_account(account_id))

    def suspend(self, account_id: str) -> Account:
        return self._send(calls.suspend_account(account_id))

    def resume(self, account_id: str) -> Account:
        return self._send(calls.resume_account(account_id))

    def audit(self, *, session_id: str | None = None, after: int = 0, limit: int = 100) -> list[AuditEntry]:
        return self._send(calls.audit(session_id, after, limit)).entries

    def events(self, *, after: int | None = None) -> Iterator[AuditEntry]:
        """What happens in the sessions of this key, for ever; goes on where a broken connection ended.

        :param after: the entry to continue after; None: only what happens from now on
        """
        last = after
        while True:
            try:
                with httpx_sse.connect_sse(self._http, "GET", "/api/v1/events", **_resumed(last)) as source:
                    if source.response.status_code != 200:
                        source.response.read()
                        raise _refused(source.response)
                    for event in source.iter_sse():
                        entry = AuditEntry.model_validate_json(event.data)
                        last = entry.entry
                        yield entry
            except httpx.TransportError:
                pass
            time.sleep(1.0)

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _send(self, call: Call[T]) -> T:
        for pause in _pauses(call):
            try:
                return _answer(call, self._http.request(**_request(call)))
            except httpx.TransportError as error:
                if pause is None:
                    raise _unreachable(error) from error
                time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _run(self, flow: Flow[Result]) -> Result:
        answer: Any = None
        while True:
            try:
                step = flow.send(answer)
            except StopIteration as end:
                result: Result = end.value
                return result
            if isinstance(step, Pause):
                time.sleep(step.seconds)
                answer = None
            else:
                answer = self._send(step)


class AsyncClient:
    """Use it in an `async with`, or call `close`."""

    def __init__(
        self, base_url: str, api_key: str, *, timeout: float = 30.0, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        headers = {"x-api-key": api_key}
        self._http = httpx.AsyncClient(base_url=base_url, headers=headers, timeout=timeout, transport=transport)

    async def create_wallet(
        self,
        *,
        user: str,
        servers: list[str],
        threshold: int,
        key: UserKey,
        pin: Pin,
        name: str,
        store: Callable[[str], None],
    ) -> Account:
        """As `Client.create_wallet`."""
        return await self._run(
            calls.create_wallet(
                user=user, servers=servers, threshold=threshold, key=key, pin=pin, name=name, store=store
            )
        )

    async def sign(
        self, *, account: Account, user: str, servers: list[str], content: Content, key: UserKey, share: str, pin: Pin
    ) -> Signature:
        """As `Client.sign`."""
        return await self._run(
            calls.sign(account=account, user=user, servers=servers, content=content, key=key, share=share, pin=pin)
        )

    async def recover(
        self, *, account: Account, invitation: str, key: UserKey, pin: Pin, store: Callable[[str], None]
    ) -> Account:
        """As `Client.recover`."""
        return await self._run(
            calls.recover(account=account, invitation=invitation, key=key, pin=pin, store=store)
        )

    async def reshare(self, reshare_id: str) -> Reshare:
        """As `Client.reshare`."""
        return await self._send(calls.get_reshare(reshare_id))

    async def reshares(self, account_id: str) -> list[Reshare]:
        """As `Client.reshares`."""
        return (await self._send(calls.list_reshares(account_id))).reshares

    async def order_keygen(
        self, participants: list[OrderedParticipant], threshold: int, *, life_seconds: int = 600
    ) -> OrderedSession:
        return await self._send(calls.order_keygen(participants, threshold, life_seconds))

    async def order_signature(
        self, account_id: str, content: Content, participants: list[str], *, life_seconds: int = 600
    ) -> OrderedSession:
        return await self._send(calls.order_signature(account_id, content, participants, life_seconds))

    async def session(self, session_id: str) -> Session:
        return await self._send(calls.get_session(session_id))

    async def completed(self, session_id: str) -> Session:
        """Waits. :raises SessionEnded:"""
        return await self._run(calls.completed(session_id))

    async def create_account(self, session_id: str, name: str) -> Account:
        return await self._send(calls.create_account(session_id, name))

    async def accounts(self) -> list[Account]:
        return (await self._send(calls.list_accounts())).accounts

    async def account(self, account_id: str) -> Account:
        return await self._send(calls.get_account(account_id))

    async def suspend(self, account_id: str) -> Account:
        return await self._send(calls.suspend_account(account_id))

    async def resume(self, account_id: str) -> Account:
        return await self._send(calls.resume_account(account_id))

    async def audit(self, *, session_id: str | None = None, after: int = 0, limit: int = 100) -> list[AuditEntry]:
        return (await self._send(calls.audit(session_id, after, limit))).entries

    async def events(self, *, after: int | None = None) -> AsyncIterator[AuditEntry]:
        """As `Client.events`."""
        last = after
        while True:
            try:
                async with httpx_sse.aconnect_sse(self._http, "GET", "/api/v1/events", **_resumed(last)) as source:
                    if source.response.status_code != 200:
                        await source.response.aread()
                        raise _refused(source.response)
                    async for event in source.aiter_sse():
                        entry = AuditEntry.model_validate_json(event.data)
                        last = entry.entry
                        yield entry
            except httpx.TransportError:
                pass
            await asyncio.sleep(1.0)

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _send(self, call: Call[T]) -> T:
        for pause in _pauses(call):
            try:
                return _answer(call, await self._http.request(**_request(call)))
            except httpx.TransportError as error:
                if pause is None:
                    raise _unreachable(error) from error
                await asyncio.sleep(pause)
        raise AssertionError("the last try returns or raises")

    async def _run(self, flow: Flow[Result]) -> Result:
        answer: Any = None
        while True:
            try:
                step = flow.send(answer)
            except StopIteration as end:
                result: Result = end.value
                return result
            if isinstance(step, Pause):
                await asyncio.sleep(step.seconds)
                answer = None
            else:
                answer = await self._send(step)


def _pauses(call: Call[Any]) -> tuple[float | None, ...]:
    """After each try: how long to wait for the next, None after the last."""
    repeatable = call.method == "GET" or call.idempotency_key is not None
    return (*_PAUSES, None) if repeatable else (None,)


def _request(call: Call[Any]) -> dict[str, Any]:
    request: dict[str, Any] = {"method": call.method, "url": call.path, "params": call.query}
    if call.body is not None:
        request["json"] = call.body.model_dump(mode="json", exclude_none=True)
    elif call.method == "POST":
        request["headers"] = {"content-type": "application/json"}
    if call.idempotency_key is not None:
        request["headers"] = {"idempotency-key": call.idempotency_key}
    if call.timeout is not None:
        request["timeout"] = call.timeout
    return request


def _answer(call: Call[T], response: httpx.Response) -> T:
    if not response.is_success:
        raise _refused(response)
    try:
        return call.answer.model_validate_json(response.content)
    except ValidationError as error:
        raise QuorateError(f"{call.method} {call.path}: the answer is not as the document says") from error


def _refused(response: httpx.Response) -> QuorateError:
    try:
        said = _AnyRefusal.model_validate_json(response.content).error
    except ValidationError:
        return Unreachable(f"HTTP {response.status_code}, from something that is no coordinator")
    return Refused(response.status_code, said.code, said.reason, said.message, said.cause)


class _Said(BaseModel):
    """A younger coordinator may have reasons that this package does not know."""

    code: str
    reason: str
    message: str
    cause: str = ""


class _AnyRefusal(BaseModel):
    error: _Said


def _unreachable(error: httpx.TransportError) -> Unreachable:
    return Unreachable(f"no answer from the coordinator: {type(error).__name__}")


def _resumed(last: int | None) -> dict[str, Any]:
    headers = {} if last is None else {"last-event-id": str(last)}
    # The coordinator is heard every ten seconds.
    return {"headers": headers, "timeout": httpx.Timeout(30.0)}
