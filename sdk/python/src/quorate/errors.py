"""What goes wrong, as values that programs can go by."""

from __future__ import annotations


class QuorateError(Exception):
    """Everything that this package raises."""


class Refused(QuorateError):
    """The coordinator refused a call; nothing was changed.

    `status` is HTTP's, `code` gRPC's, and `reason` one of a closed set (RefusalReason in models.py): go by that. The message is
    for people, and may change.
    `cause` says more where another party refused: one of a closed set too, empty otherwise.
    """

    def __init__(self, status: int, code: str, reason: str, message: str, cause: str = "") -> None:
        super().__init__(f"{message} ({reason}, HTTP {status})")
        self.status = status
        self.code = code
        self.reason = reason
        self.message = message
        self.cause = cause


class Unreachable(QuorateError):
    """No answer came. What was asked for may have happened: repeat it with the same idempotency key, or look at its session."""


class SessionEnded(QuorateError):
    """A session came to an end without a result: `status` is failed or expired. No money has moved."""

    def __init__(self, session_id: str, status: str, detail: str) -> None:
        super().__init__(f"session {session_id} {status}: {detail}" if detail else f"session {session_id} {status}")
        self.session_id = session_id
        self.status = status
        self.detail = detail


class NotVouched(QuorateError):
    """A key or a share is not signed by the coordinator that was pinned. Somebody in between may have put in his own: stop."""


class BadShare(QuorateError):
    """A file that is not the share of this wallet, or not encrypted to this key."""
