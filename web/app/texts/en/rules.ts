import type { ContentRule } from '../../../../tss-wasm/content/refused.ts'

/** What a form says beside something that does not decode: the thing, the value, and what to do. */
export const content = {
  /** @param needed the number, name or form that would do instead */
  refused: (field: string, given: string | undefined, rule: string, needed: string | undefined) =>
    `${field}${given === undefined ? '' : ` (“${given}”)`} ${rule}${needed === undefined ? '' : `: ${needed}`}.`,
  /** Names of places that are not the content's own. */
  fields: {
    transaction: 'The transaction',
    authorization: 'The authorization',
    data: 'The data',
    message: 'The message',
    psbt: 'The PSBT',
    inputs: 'The inputs',
    outputs: 'The outputs',
    version: 'The transaction version',
    path: 'The path',
    digest: 'The digest',
  } as Readonly<Record<string, string>>,
  /** What follows where it is said what would do. */
  more: {
    'too-long': '; take less, at most',
    'too-large': '; the highest that fits is',
    'too-small': '; the least is',
    'too-many': '; split it, the most is',
    'wrong-length': '; expected',
    'wrong-value': '; expected',
  } satisfies Partial<Record<ContentRule, string>> as Readonly<Partial<Record<ContentRule, string>>>,
  rules: {
    'too-long': 'is too long',
    'too-large': 'is too large',
    'too-small': 'is too small',
    'too-many': 'is more than Quorate signs at once',
    'too-deep': 'is nested too deeply',
    'wrong-length': 'has the wrong length',
    'wrong-field-count': 'does not have the right number of fields; copy it again, whole',
    'not-a-list': 'is a value where a list belongs',
    'is-a-list': 'is a list where one thing belongs; give one at a time',
    'not-json': 'is not well-formed JSON; copy it again, whole',
    'not-canonical': 'is written in another way than Quorate writes it',
    'repeated-name': 'comes twice; leave one out',
    contradicts: 'says something else than another name for the same; leave one of them out. The other is',
    'missing-field': 'is missing; ask whoever made this for it',
    'unknown-field': 'is nothing that Quorate knows here; leave it out if it means nothing',
    'wrong-value': 'does not fit its type',
    'not-integer': 'is no whole number; write all its digits, without point or exponent',
    'not-address': 'is no address; expected 0x and 40 hex digits',
    'wrong-checksum':
      'has upper and lower case that do not fit (EIP-55): one character is probably wrong. Copy it again',
    'not-hex': 'is not hex; expected 0x and an even number of hex digits',
    'already-signed': 'is signed already; paste the unsigned one',
    'not-a-path': 'is not a path of this wallet',
    'path-not-wanted': 'does not belong to a PSBT, which names its keys itself',
    'other-signer': 'is not the address that signs; choose it above, or ask for a request to',
    'other-method': 'is a request for something else; here belong',
    'wrong-type': 'is of a type Quorate does not know; it signs types 0 (legacy), 1, 2 and 4',
    blobs: 'is of a blob transaction (type 3, EIP-4844), which Quorate does not sign; ask for one without blobs',
    'any-chain':
      'is bound to no network: it could be sent again on every other. Ask for one with its chain ID (EIP-155)',
    'not-rlp': 'is damaged: it is not well-formed RLP. Copy it again, whole',
    'not-bytes': 'is a list where a value belongs',
    'leading-zero': 'has a leading zero',
    'tip-above-maximum': 'is higher than the highest fee per gas; lower it to at most',
    'cost-overflow': 'makes the fee impossibly high; lower it',
    'creates-nothing':
      'is missing, and there is no data to create a contract with: the amount would be locked up for ever. Give the recipient',
    'below-gas': 'is less gas than any network takes this transaction for; raise it to at least',
    'bad-name': 'is not a name that a type or a field can have',
    'unknown-type': 'is a type that is not declared; declare it in types',
    'unsized-type':
      'is a type without a size, which is hashed differently by different programs; write its size, as in uint256',
    'same-twice': 'is the same as another one; remove one of them',
    cyclic: 'contains itself without an end',
    'not-psbt': 'is not a PSBT of version 0 or 2 (BIP-174, BIP-370), or is damaged. Export it again',
    'wrong-version': 'is not one of 1, 2 and 3',
    'spent-twice': 'spends the same coin as another input; remove one of them',
    'not-p2wpkh': 'is not of a native SegWit address (P2WPKH), the only kind Quorate can check and sign',
    'not-ours': 'is not of this wallet; Quorate signs only payments whose coins are all its own',
    'missing-amount': 'does not say what the coin is worth; export the PSBT with its UTXO',
    'other-amount':
      'says another amount or address than the transaction that the coin comes from; do not trust whoever made this PSBT',
    'wrong-sighash':
      'asks for a signature that leaves parts of the payment open to change; ask for sighash type ALL (0x1)',
    'more-than-inputs': 'add up to more satoshi than the coins that are spent, which are worth',
    'signs-message':
      'is no payment but a message to sign (BIP-322). Choose “Bitcoin message”, and paste the message itself',
    'proves-reserves': 'is a proof of reserves (BIP-127), which moves nothing; Quorate does not sign it',
    'not-shown': 'is a field of the PSBT that Quorate cannot show; export it without',
    'other-lock-times': 'asks for lock times that cannot hold together',
  } satisfies Record<ContentRule, string>,
}
