from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyrage
import pytest
from pydantic import TypeAdapter

from quorate import BadShare, NotVouched, Pin, UserKey
from quorate.models import Content, UserShare, UserShareKey
from quorate.shares import OpenedShare

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[2] / "vectors.json").read_text())
PIN = Pin(VECTORS["pin"])
CALL_KEY = UserShareKey(**VECTORS["callKey"])
GIVEN = UserShare(**VECTORS["givenShare"])
PLAIN = bytes.fromhex(VECTORS["share"])


@pytest.mark.parametrize("each", VECTORS["orders"])
def test_orders_are_those_of_the_coordinator(each: dict[str, Any]) -> None:
    content: Content = TypeAdapter(Content).validate_python(each["content"])
    assert OpenedShare(PLAIN).order(VECTORS["session"], each["epoch"], content).hex() == each["order"]


def test_a_key_that_the_pinned_coordinator_has_signed_is_taken_until_it_expires() -> None:
    PIN.check_key(CALL_KEY, CALL_KEY.expires_at_ms - 1)
    with pytest.raises(NotVouched, match="expired"):
        PIN.check_key(CALL_KEY, CALL_KEY.expires_at_ms)


@pytest.mark.parametrize(
    "change",
    [
        {"key_id": "00" * 16},
        {"recipient": CALL_KEY.recipient + "q"},
        {"expires_at_ms": CALL_KEY.expires_at_ms + 1},
        {"host_signature": "00" * 64},
    ],
)
def test_a_key_that_it_has_not_signed_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(NotVouched):
        PIN.check_key(CALL_KEY.model_copy(update=change), 0)


def test_a_share_that_was_made_for_somebody_else_is_refused() -> None:
    PIN.check_share(GIVEN, CALL_KEY.recipient)
    with pytest.raises(NotVouched):
        PIN.check_share(GIVEN, CALL_KEY.recipient + "q")
    with pytest.raises(NotVouched):
        PIN.check_share(GIVEN.model_copy(update={"user_share": GIVEN.user_share + " "}), CALL_KEY.recipient)


def test_a_file_opens_with_its_key_only_and_nothing_prints_it() -> None:
    key, other = UserKey.generate(), UserKey.generate()
    file = sealed(PLAIN, key)
    opened = key.open(file)
    assert opened.public_key.hex() == VECTORS["publicKey"]
    assert VECTORS["share"][40:80] not in repr(opened) and key.secret() not in repr(key)
    for reader, wrong in ((other, file), (key, file[:99]), (key, sealed(b"a diary", key))):
        with pytest.raises(BadShare):
            reader.open(wrong)


def sealed(plain: bytes, key: UserKey) -> str:
    recipient = pyrage.x25519.Recipient.from_str(key.recipient)
    return bytes(pyrage.encrypt(plain, [recipient], armored=True)).decode()
