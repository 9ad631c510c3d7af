"""The user's side: a share is opened, checked and sent by whoever owns it (docs/OPERATIONS.md, "Users whose devices cannot compute").

The bytes are those of tss-wasm/identity/shareHost.ts and shareOrder.ts; sdk/vectors.json holds this file to them.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from dataclasses import dataclass, field

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .errors import BadShare, NotVouched
from .models import Content, EthereumMessage, UserShare, UserShareKey

_ORDER = b"quorate-share-order\0\x01"
_SHARE = b"quorate-user-share\0\x01"
_PROTOCOL = "quorate/2"


class UserKey:
    """An age identity: what a user's shares are encrypted to. It never leaves the user."""

    def __init__(self, secret: str) -> None:
        """:param secret: AGE-SECRET-KEY-1..., as `age-keygen` or `secret()` give it"""
        self._identity = pyrage.x25519.Identity.from_str(secret)

    @classmethod
    def generate(cls) -> UserKey:
        return cls(str(pyrage.x25519.Identity.generate()))

    @property
    def recipient(self) -> str:
        """age1...: the public half."""
        return str(self._identity.to_public())

    def secret(self) -> str:
        """To be stored where only the user reads. Whoever has it and the share's file signs for the user."""
        return str(self._identity)

    def open(self, file: str) -> OpenedShare:
        """:raises BadShare: when the file is damaged, or encrypted to another key"""
        try:
            plain = bytes(pyrage.decrypt(file.encode(), [self._identity]))
        except (pyrage.DecryptError, ValueError) as error:
            raise BadShare("the file is damaged, or encrypted to another key") from error
        if not plain.startswith(_SHARE) or len(plain) < len(_SHARE) + 32 + 33:
            raise BadShare("the file holds no user share that this version knows")
        return OpenedShare(plain)

    def __repr__(self) -> str:
        return f"UserKey({self.recipient})"


@dataclass(frozen=True, repr=False)
class OpenedShare:
    """A share in the clear, for as long as it takes to send it. Nothing prints it."""

    _plain: bytes = field(repr=False)

    @property
    def public_key(self) -> bytes:
        """Of the wallet: compressed, 33 bytes."""
        start = len(_SHARE) + 32
        return self._plain[start : start + 33]

    def order(self, session_id: str, epoch: int, content: Content) -> bytes:
        """The share, good for signing `content` in this session and for nothing else."""
        proposal = _proposal(session_id, self.public_key, epoch, content)
        return _ORDER + bytes.fromhex(session_id) + hashlib.sha256(proposal).digest() + self._plain

    def sealed_order(self, session_id: str, epoch: int, content: Content, to: UserShareKey) -> str:
        """`order`, encrypted to the key of one call. Check the key with `Pin.check_key` first."""
        recipient = pyrage.x25519.Recipient.from_str(to.recipient)
        return bytes(pyrage.encrypt(self.order(session_id, epoch, content), [recipient], armored=True)).decode()

    def __repr__(self) -> str:
        return f"OpenedShare(of {self.public_key.hex()})"


class Pin:
    """The coordinator's key as its operator gave it to the user, not to the back-end in between."""

    def __init__(self, signing_key: str) -> None:
        """:param signing_key: 64 hex digits, from the coordinator's log at the start"""
        self._key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signing_key))

    def check_key(self, key: UserShareKey, now_ms: int) -> None:
        """:raises NotVouched: nothing may be encrypted to this key"""
        seconds, rest = divmod(key.expires_at_ms, 1000)
        signed = bytes.fromhex(key.key_id) + seconds.to_bytes(4) + rest.to_bytes(4) + key.recipient.encode()
        self._check("call-key", signed, key.host_signature)
        if now_ms >= key.expires_at_ms:
            raise NotVouched("the key for this call has expired")

    def check_share(self, share: UserShare, recipient: str) -> None:
        """:param recipient: the user's own :raises NotVouched: the wallet must not be confirmed"""
        hashes = [hashlib.sha256(text.encode()).digest() for text in (recipient, share.user_share)]
        signed = bytes.fromhex(share.session_id) + bytes.fromhex(share.public_key) + b"".join(hashes)
        self._check("given-share", signed, share.host_signature)

    def _check(self, domain: str, signed: bytes, signature: str) -> None:
        try:
            self._key.verify(bytes.fromhex(signature), f"quorate/{domain}/1\0".encode() + signed)
        except InvalidSignature:
            raise NotVouched("not signed by the coordinator that is pinned") from None


def _proposal(session_id: str, public_key: bytes, epoch: int, content: Content) -> bytes:
    """As every signer of the session reads it (tss-wasm/SPEC.md 8.4): there is one way to write it."""
    if isinstance(content, EthereumMessage):
        body = {"type": content.type, "message": b64decode(content.message).hex()}
    else:
        body = {"type": content.type, "unsigned": b64decode(content.unsigned).hex()}
    proposal = {
        "protocol": _PROTOCOL,
        "kind": "sign",
        "session": session_id,
        "publicKey": public_key.hex(),
        **({"epoch": epoch} if epoch > 0 else {}),
        "content": body,
    }
    return json.dumps(proposal, separators=(",", ":")).encode()
