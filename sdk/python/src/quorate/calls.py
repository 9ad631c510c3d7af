"""Every call of the REST interface as a value, and what takes several of them as a generator: both clients send the same."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from .errors import BadShare, SessionEnded
from .models import (
    Account,
    Accounts,
    AuditEntries,
    ConfirmRecovery,
    ConfirmUserShare,
    Content,
    GenerateUserShare,
    KeygenOrder,
    NewAccount,
    OrderedParticipant,
    OrderedSession,
    Recover,
    Reshare,
    Reshares,
    Session,
    Signature,
    SignatureOrder,
    SignedSession,
    SignWithUserShare,
    UserShare,
    UserShareKey,
)
from .shares import Pin, UserKey

T = TypeVar("T", bound=BaseModel)
Result = TypeVar("Result")

_API = "/api/v1"
#: A coordinator that takes part for a user answers within 280 seconds.
_CEREMONY_SECONDS = 300.0


@dataclass(frozen=True)
class Call(Generic[T]):
    method: str
    path: str
    answer: type[T]
    body: BaseModel | None = None
    query: dict[str, str] | None = None
    #: The call makes something, so it goes out under a key that lets it be repeated.
    idempotency_key: str | None = None
    #: Instead of the client's own.
    timeout: float | None = None


@dataclass(frozen=True)
class Pause:
    seconds: float


#: Calls and pauses, in their order; each call is answered with what came back.
Flow = Generator[Call[Any] | Pause, Any, Result]


def order_keygen(participants: list[OrderedParticipant], threshold: int, life_seconds: int) -> Call[OrderedSession]:
    body = KeygenOrder(
        threshold_n=len(participants), threshold_t=threshold, participants=participants, life_seconds=life_seconds
    )
    return Call("POST", f"{_API}/mpc/keygen", OrderedSession, body, idempotency_key=_new_key())


def order_signature(account_id: str, content: Content, participants: list[str], life_seconds: int) -> Call[OrderedSession]:
    body = SignatureOrder(
        account_id=account_id, content=content, participants=participants, life_seconds=life_seconds
    )
    return Call("POST", f"{_API}/mpc/sign", OrderedSession, body, idempotency_key=_new_key())


def get_session(session_id: str) -> Call[Session]:
    return Call("GET", f"{_API}/mpc/sessions/{session_id}", Session)


def generate_user_share(session_id: str, join_token: str, recipient: str, wallet_name: str) -> Call[UserShare]:
    body = GenerateUserShare(
        session_id=session_id, join_token=join_token, recipient=recipient, wallet_name=wallet_name
    )
    return Call("POST", f"{_API}/keygen/generate-user-share", UserShare, body, timeout=_CEREMONY_SECONDS)


def confirm_user_share(session_id: str, join_token: str, confirmation: str) -> Call[Session]:
    body = ConfirmUserShare(session_id=session_id, join_token=join_token, confirmation=confirmation)
    return Call("POST", f"{_API}/keygen/confirm-user-share", Session, body)


def user_share_key() -> Call[UserShareKey]:
    return Call("POST", f"{_API}/sign/user-share-key", UserShareKey)


def sign_with_user_share(body: SignWithUserShare) -> Call[SignedSession]:
    return Call("POST", f"{_API}/sign/with-user-share", SignedSession, body, timeout=_CEREMONY_SECONDS)


def create_account(session_id: str, name: str) -> Call[Account]:
    body = NewAccount(session_id=session_id, name=name)
    return Call("POST", f"{_API}/accounts", Account, body, idempotency_key=_new_key())


def list_accounts() -> Call[Accounts]:
    return Call("GET", f"{_API}/accounts", Accounts)


def get_account(account_id: str) -> Call[Account]:
    return Call("GET", f"{_API}/accounts/{account_id}", Account)


def suspend_account(account_id: str) -> Call[Account]:
    return Call("POST", f"{_API}/accounts/{account_id}/suspend", Account)


def resume_account(account_id: str) -> Call[Account]:
    return Call("POST", f"{_API}/accounts/{account_id}/resume", Account)


def recover_user_share(account_id: str, invitation: str, recipient: str) -> Call[UserShare]:
    body = Recover(invitation=invitation, recipient=recipient)
    return Call("POST", f"{_API}/accounts/{account_id}/recover", UserShare, body, timeout=_CEREMONY_SECONDS)


def confirm_recovery(account_id: str, invitation: str, confirmation: str) -> Call[Reshare]:
    body = ConfirmRecovery(invitation=invitation, confirmation=confirmation)
    return Call("POST", f"{_API}/accounts/{account_id}/confirm-recovery", Reshare, body)


def get_reshare(reshare_id: str) -> Call[Reshare]:
    return Call("GET", f"{_API}/reshares/{reshare_id}", Reshare)


def list_reshares(account_id: str) -> Call[Reshares]:
    return Call("GET", f"{_API}/accounts/{account_id}/reshares", Reshares)


def audit(session_id: str | None, after: int, limit: int) -> Call[AuditEntries]:
    query = {"after": str(after), "limit": str(limit), **({"session_id": session_id} if session_id else {})}
    return Call("GET", f"{_API}/audit", AuditEntries, query=query)


def completed(session_id: str) -> Flow[Session]:
    """:raises SessionEnded: when the session ends in another way"""
    seconds = 0.05
    while True:
        session: Session = yield get_session(session_id)
        if session.status == "completed":
            return session
        if session.status in ("failed", "expired"):
            raise SessionEnded(session_id, session.status, session.failure.detail if session.failure else "")
        yield Pause(seconds)
        seconds = min(2 * seconds, 2.0)


def committed(reshare_id: str) -> Flow[Reshare]:
    """:raises SessionEnded: when the new shares never come into use"""
    seconds = 0.05
    while True:
        reshare: Reshare = yield get_reshare(reshare_id)
        if reshare.status in ("committed", "done"):
            return reshare
        if reshare.status in ("aborted", "expired"):
            raise SessionEnded(reshare_id, reshare.status, reshare.failure.detail if reshare.failure else "")
        yield Pause(seconds)
        seconds = min(2 * seconds, 2.0)


def recover(
    *, account: Account, invitation: str, key: UserKey, pin: Pin, store: Callable[[str], None]
) -> Flow[Account]:
    """A new share for a user who has lost the old one. It is stored before the old shares are given up."""
    share: UserShare = yield recover_user_share(account.account_id, invitation, key.recipient)
    pin.check_share(share, key.recipient)
    if key.open(share.user_share).public_key.hex() != account.public_key:
        raise BadShare("the share is of another wallet")
    store(share.user_share)
    yield confirm_recovery(account.account_id, invitation, share.confirmation)
    yield from committed(share.session_id)
    recovered: Account = yield get_account(account.account_id)
    return recovered


def create_wallet(
    *, user: str, servers: list[str], threshold: int, key: UserKey, pin: Pin, name: str, store: Callable[[str], None]
) -> Flow[Account]:
    """A wallet of one user and server parties. The share is stored before anybody is told that it is there."""
    participants = [
        OrderedParticipant(party_id=user),
        *(OrderedParticipant(party_id=server, type="server") for server in servers),
    ]
    ordered: OrderedSession = yield order_keygen(participants, threshold, 600)
    token = ordered.join_tokens[user]
    share: UserShare = yield generate_user_share(ordered.session_id, token, key.recipient, name)
    pin.check_share(share, key.recipient)
    if key.open(share.user_share).public_key.hex() != share.public_key:
        raise BadShare("the share is of another wallet")
    store(share.user_share)
    yield confirm_user_share(ordered.session_id, token, share.confirmation)
    yield from completed(ordered.session_id)
    account: Account = yield create_account(ordered.session_id, name)
    return account


def sign(
    *, account: Account, user: str, servers: list[str], content: Content, key: UserKey, share: str, pin: Pin
) -> Flow[Signature]:
    """A signature by the user's share and server parties, of this content and of nothing else."""
    opened = key.open(share)
    if opened.public_key.hex() != account.public_key:
        raise BadShare("the share is of another wallet")
    ordered: OrderedSession = yield order_signature(account.account_id, content, [user, *servers], 600)
    call_key: UserShareKey = yield user_share_key()
    pin.check_key(call_key, time.time_ns() // 1_000_000)
    body = SignWithUserShare(
        session_id=ordered.session_id,
        join_token=ordered.join_tokens[user],
        key_id=call_key.key_id,
        user_share=opened.sealed_order(ordered.session_id, account.epoch, content, call_key),
        content=content,
    )
    signed: SignedSession = yield sign_with_user_share(body)
    return signed.signature


def _new_key() -> str:
    return str(uuid.uuid4())
