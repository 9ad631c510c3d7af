from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from quorate import AsyncClient, Client, OrderedParticipant, Refused, SessionEnded, Unreachable

KEY = "a key that stands in no error"
SESSION = "00" * 16
ORDERED = {"session_id": SESSION, "join_tokens": {}, "seats": {}, "status": "created", "expires_at_ms": 1, "of_next_year": 1}
Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_seconds: float) -> None:
        pass

    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    monkeypatch.setattr("asyncio.sleep", at_once)


def calling(handler: Handler) -> Client:
    return Client("http://coordinator", KEY, transport=httpx.MockTransport(handler))


def refusing(_request: httpx.Request) -> httpx.Response:
    error = {"code": "NotFound", "reason": "a_reason_of_next_year", "message": "no such session"}
    return httpx.Response(404, json={"error": error})


def test_a_refusal_says_its_reason() -> None:
    with pytest.raises(Refused) as caught:
        calling(refusing).session(SESSION)
    assert (caught.value.status, caught.value.reason) == (404, "a_reason_of_next_year")


def test_a_refusal_says_its_reason_to_who_awaits_it() -> None:
    async def ask() -> None:
        async with AsyncClient("http://coordinator", KEY, transport=httpx.MockTransport(refusing)) as client:
            await client.session(SESSION)

    with pytest.raises(Refused):
        asyncio.run(ask())


def test_what_makes_something_is_repeated_under_one_idempotency_key() -> None:
    keys: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers.get("idempotency-key"))
        if len(keys) < 3:
            raise httpx.ReadError("gone", request=request)
        return httpx.Response(201, json=ORDERED)

    calling(answer).order_keygen([OrderedParticipant(party_id="alice"), OrderedParticipant(party_id="bob")], 2)
    assert len(keys) == 3 and len(set(keys)) == 1 and keys[0]


def test_what_may_have_happened_is_not_sent_twice() -> None:
    tries: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        tries.append(request)
        raise httpx.ReadError("gone", request=request)

    with pytest.raises(Unreachable) as caught:
        calling(answer).suspend(SESSION)
    assert len(tries) == 1 and KEY not in str(caught.value)


def test_a_session_that_fails_ends_the_waiting() -> None:
    failed = {
        "session_id": SESSION,
        "kind": "sign",
        "status": "failed",
        "participants": [],
        "expires_at_ms": 1,
        "failure": {"kind": "timeout", "check": "", "detail": "bob is silent", "parties": [2]},
    }
    with pytest.raises(SessionEnded, match="bob is silent"):
        calling(lambda _request: httpx.Response(200, json=failed)).completed(SESSION)


def test_events_go_on_where_a_stream_broke_off() -> None:
    asked: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("last-event-id"))
        number = 5 if asked[-1] is None else int(asked[-1]) + 1
        rest = '"time":"2026-11-30T00:00:00.000Z","session_id":"00","seat":1,"event":"joined","details":{}'
        text = f': quiet\n\nid: {number}\nevent: session\ndata: {{"entry":{number},{rest}}}\n\n'
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, text=text)

    events = calling(answer).events()
    assert [next(events).entry, next(events).entry] == [5, 6]
    assert asked == [None, "5"]
