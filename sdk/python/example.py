"""Makes a wallet of one user and two server parties, signs a message with one of them, recovers the user's share, signs again,
and prints its address as JSON.

QUORATE_URL, QUORATE_API_KEY and QUORATE_PIN name the coordinator: its address, a key of API_KEYS, and the pin of its log.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from eth_account import Account as EthAccount
from eth_account.messages import encode_defunct

from quorate import Client, Pin, UserKey
from quorate.ethereum import QuorateAccount

pin = Pin(os.environ["QUORATE_PIN"])
key = UserKey.generate()
share_file = Path(tempfile.mkdtemp()) / "share.age"


def store(file: str) -> None:
    """A real program keeps it where it outlives the machine, and returns only then."""
    share_file.write_text(file)


with Client(os.environ["QUORATE_URL"], os.environ["QUORATE_API_KEY"]) as client:
    before = max((entry.entry for entry in client.audit(limit=1000)), default=0)
    account = client.create_wallet(
        user="alice",
        servers=["server-1", "server-2"],
        threshold=2,
        key=key,
        pin=pin,
        name="Python",
        store=store,
    )
    # Another day, on another machine: whoever has the file and the key signs.
    wallet = QuorateAccount(
        account.public_key,
        lambda content: client.sign(
            account=account,
            user="alice",
            servers=["server-2"],
            content=content,
            key=UserKey(key.secret()),
            share=share_file.read_text(),
            pin=pin,
        ),
    )
    message = encode_defunct(text="ten pints of milk")
    signed = wallet.sign_message(message)

    # The user's device is lost, with file and key. Whoever runs a server party invites the user to the place (--recover), and
    # the link comes by mail; here it is a line on standard input. Key and address stay.
    print(json.dumps({"lost": account.public_key}), flush=True)
    key = UserKey.generate()
    epoch = account.epoch
    account = client.recover(account=account, invitation=input(), key=key, pin=pin, store=store)
    again = wallet.sign_message(message)

    heard: list[str] = []
    for each in client.events(after=before):
        if each.reshare and each.account_id == account.account_id:
            heard.append(f"reshare {each.reshare}")
        elif each.session_id == account.session_id:
            heard.append(each.event)
        if each.reshare == "committed":
            break
    owners = [EthAccount.recover_message(message, signature=each.signature) for each in (signed, again)]
    print(
        json.dumps(
            {
                "address": wallet.address,
                "verified": owners[0] == wallet.address,
                "recovered": account.epoch > epoch and owners[1] == wallet.address,
                "events": heard,
            }
        )
    )
