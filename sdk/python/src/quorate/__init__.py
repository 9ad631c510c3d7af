"""Quorate for back-ends: wallets that several parties own together. Begin with `Client` and its `create_wallet` and `sign`."""

from .client import AsyncClient, Client
from .errors import BadShare, NotVouched, QuorateError, Refused, SessionEnded, Unreachable
from .models import (
    Account,
    AuditEntry,
    EthereumMessage,
    EthereumTransaction,
    OrderedParticipant,
    OrderedSession,
    Session,
    Signature,
)
from .shares import Pin, UserKey

__all__ = [
    "Account",
    "AsyncClient",
    "AuditEntry",
    "BadShare",
    "Client",
    "EthereumMessage",
    "EthereumTransaction",
    "NotVouched",
    "OrderedParticipant",
    "OrderedSession",
    "Pin",
    "QuorateError",
    "Refused",
    "Session",
    "SessionEnded",
    "Signature",
    "Unreachable",
    "UserKey",
]
