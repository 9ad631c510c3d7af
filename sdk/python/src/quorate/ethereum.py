"""A wallet as the account that eth-account and web3.py expect. Needs `pip install quorate[ethereum]`."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any, cast

import rlp
from eth_account import Account as EthAccount
from eth_account.datastructures import SignedMessage, SignedTransaction
from eth_account.messages import SignableMessage
from eth_keys.datatypes import PublicKey
from eth_typing import ChecksumAddress
from eth_utils.crypto import keccak
from hexbytes import HexBytes

from .models import Content, EthereumMessage, EthereumTransaction, Signature

#: Asks the other parties for a signature of this content, such as `Client.sign` with everything else filled in.
Sign = Callable[[Content], Signature]

#: eth-account gives the bytes to be signed to nobody but its own signer: this key signs first, and its signature is dropped.
_NOBODY = b"\1" * 32


class QuorateAccount:
    """Signs with a wallet's own key. The other parties see the transaction or the message itself, never a bare hash."""

    def __init__(self, public_key: str, sign: Sign) -> None:
        """:param public_key: of the wallet, compressed, as `Account.public_key` gives it"""
        self._public_key = PublicKey.from_compressed_bytes(bytes.fromhex(public_key))
        self._sign = sign

    @property
    def address(self) -> ChecksumAddress:
        return self._public_key.to_checksum_address()

    def sign_message(self, signable_message: SignableMessage) -> SignedMessage:
        """:raises NotImplementedError: for anything but a text or bytes (EIP-191, version E): the app signs typed data"""
        if signable_message.version != b"E":
            raise NotImplementedError("the coordinator takes personal messages only (EIP-191, version E)")
        body = signable_message.body
        signature = self._sign(EthereumMessage(message=b64encode(body).decode()))
        signed = bytes.fromhex(signature.r + signature.s) + bytes([signature.v])
        if EthAccount.recover_message(signable_message, signature=signed) != self.address:
            raise ValueError("the signature is not of this wallet")
        return SignedMessage(
            message_hash=HexBytes(keccak(b"\x19" + b"Ethereum Signed Message:\n" + str(len(body)).encode() + body)),
            r=int(signature.r, 16),
            s=int(signature.s, 16),
            v=signature.v,
            signature=HexBytes(signed),
        )

    def sign_transaction(self, transaction_dict: dict[str, Any]) -> SignedTransaction:
        """Of the types 0 (with a chain id), 1, 2 and 4. :raises ValueError: for others, and when `from` is another account"""
        transaction = dict(transaction_dict)
        if transaction.pop("from", self.address) != self.address:
            raise ValueError("from is not the address of this wallet")
        if "chainId" not in transaction:
            raise ValueError("chainId is missing: without it the transaction counts on every chain")
        kind, fields = _fields(transaction)
        for_all = [*fields, _number(int(transaction["chainId"])), b"", b""] if kind == b"" else fields
        signature = self._sign(EthereumTransaction(unsigned=b64encode(kind + _rlp(for_all)).decode()))
        parity = signature.recovery
        v = int(transaction["chainId"]) * 2 + 35 + parity if kind == b"" else parity
        r, s = int(signature.r, 16), int(signature.s, 16)
        raw = HexBytes(kind + _rlp([*fields, _number(v), _number(r), _number(s)]))
        if EthAccount.recover_transaction(raw) != self.address:
            raise ValueError("the signature is not of this wallet")
        return SignedTransaction(raw_transaction=raw, hash=HexBytes(keccak(raw)), r=r, s=s, v=v)


def _fields(transaction: dict[str, Any]) -> tuple[bytes, list[Any]]:
    """Type byte, empty for type 0, and what stands before the signature, as eth-account writes it."""
    raw = bytes(EthAccount.sign_transaction(transaction, _NOBODY).raw_transaction)
    kind = raw[:1] if raw[0] < 0x80 else b""
    if kind not in (b"", b"\x01", b"\x02", b"\x04"):
        raise ValueError("the coordinator takes transactions of the types 0, 1, 2 and 4 only")
    return kind, cast(list[Any], rlp.decode(raw[len(kind) :]))[:-3]


def _rlp(fields: list[Any]) -> bytes:
    return cast(bytes, rlp.encode(fields))


def _number(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8)
