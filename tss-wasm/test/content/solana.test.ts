import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { base58 } from '../../content/base58.ts'
import { decodeSolanaMessage, solanaMessageToSign } from '../../content/solana.ts'
import { concatBytes, hexToBytes, utf8ToBytes } from '../../integers/bytes.ts'
import { schemeFixture } from '../schemes/fixtures.ts'
import { refusal } from './refusal.ts'

const { addresses, blockhash, messages } = schemeFixture('solana-messages') as {
  readonly addresses: Readonly<Record<string, string>>
  readonly blockhash: string
  readonly messages: Readonly<Record<string, string>>
}
const { payer, to, mint, tokenA, tokenB, nonceAccount } = addresses
const named = (name: string): Uint8Array => hexToBytes(messages[name] ?? assert.fail(name))
const signer = new Uint8Array(32).fill(1)

describe('base 58', () => {
  it('writes what others write, zeros in front included', () => {
    assert.equal(base58(new Uint8Array(32)), '1'.repeat(32))
    assert.equal(base58(utf8ToBytes('Hello World!')), '2NEpo7TZRRrLZSi2U')
    assert.equal(base58(hexToBytes('0000287fb4cd')), '11233QC4')
    assert.equal(base58(new Uint8Array()), '')
    assert.equal(base58(signer), payer)
  })
})

describe("a Solana message written by Solana's own library", () => {
  it('shows a transfer of SOL, who pays and who signs', () => {
    const message = decodeSolanaMessage(named('SOL, legacy'))
    assert.deepEqual([message.version, message.feePayer, message.blockhash], ['legacy', payer, blockhash])
    assert.deepEqual(message.signers, [payer])
    assert.deepEqual(message.accounts.slice(0, 2), [
      { address: payer, isSigner: true, isWritable: true },
      { address: to, isSigner: false, isWritable: true },
    ])
    assert.deepEqual(
      message.instructions.map(({ known }) => known),
      [{ kind: 'transfer', from: payer, to, lamports: 1_500_000_000n }],
    )
    assert.deepEqual([message.hasDurableNonce, message.hiddenAccounts], [false, 0])
  })

  it('shows fee and memo of version 0', () => {
    const message = decodeSolanaMessage(named('SOL, version 0'))
    assert.equal(message.version, 0)
    assert.deepEqual(
      message.instructions.map(({ known }) => known),
      [
        { kind: 'compute-limit', units: 200_000 },
        { kind: 'compute-price', microLamports: 1000n },
        { kind: 'transfer', from: payer, to, lamports: 1_500_000_000n },
        { kind: 'memo', text: 'rent, November' },
      ],
    )
  })

  it('shows that it waits for people: it has a durable nonce', () => {
    const message = decodeSolanaMessage(named('SOL, durable nonce'))
    assert.ok(message.hasDurableNonce)
    assert.deepEqual(message.instructions[0]?.known, { kind: 'advance-nonce', account: nonceAccount, authority: payer })
  })

  it('shows a transfer of a token', () => {
    const { instructions } = decodeSolanaMessage(named('token, legacy'))
    assert.deepEqual(instructions[0]?.known, {
      kind: 'token-transfer',
      from: tokenA,
      mint,
      to: tokenB,
      authority: payer,
      amount: 2_500_000n,
      decimals: 6,
    })
  })

  it('shows that accounts are in a table, where nobody sees them', () => {
    const { hiddenAccounts, instructions } = decodeSolanaMessage(named('accounts in a table'))
    assert.equal(hiddenAccounts, 2)
    assert.deepEqual(instructions[0]?.known, {
      kind: 'transfer',
      from: payer,
      to: undefined,
      lamports: 1_500_000_000n,
    })
  })
})

describe('a Solana message to sign', () => {
  it('is signed as it is, if everything in it is understood', () => {
    for (const name of ['SOL, legacy', 'SOL, version 0', 'SOL, durable nonce', 'token, legacy'])
      assert.deepEqual(solanaMessageToSign(named(name), signer), named(name))
  })

  it('is refused if it is not for this key, hides accounts, or calls an unknown program', () => {
    assert.deepEqual(
      refusal(() => solanaMessageToSign(named('SOL, legacy'), new Uint8Array(32).fill(2))),
      { field: 'signers', rule: 'other-signer' },
    )
    const hidden = named('accounts in a table')
    assert.deepEqual(
      refusal(() => solanaMessageToSign(hidden, signer)),
      { field: 'addressTableLookups', rule: 'wrong-value' },
    )
    const unknown = named('another program')
    assert.deepEqual(
      refusal(() => solanaMessageToSign(unknown, signer)),
      { field: 'instructions', rule: 'unknown-type' },
    )
    assert.deepEqual(solanaMessageToSign(hidden, signer, { hiddenAccounts: true }), hidden)
    assert.deepEqual(solanaMessageToSign(unknown, signer, { unknownInstructions: true }), unknown)
  })

  const legacy = named('SOL, legacy')
  const at = (index: number, ...bytes: number[]): Uint8Array => legacy.map((byte, i) => bytes[i - index] ?? byte)
  const keys = 4 // three bytes of header, one of the count
  const instructions = keys + 3 * 32 + 32
  const refused: [string, Uint8Array, string, string][] = [
    ['of a version to come', concatBytes(Uint8Array.of(0x81), legacy), 'version', 'wrong-type'],
    [
      'that is an off-chain message',
      concatBytes(Uint8Array.of(0xff), utf8ToBytes('solana offchain')),
      'version',
      'wrong-type',
    ],
    ['cut short', legacy.subarray(0, -1), 'message', 'wrong-length'],
    ['with something after it', concatBytes(legacy, Uint8Array.of(0)), 'message', 'wrong-length'],
    ['that is empty', new Uint8Array(), 'message', 'wrong-length'],
    ['longer than a packet', concatBytes(legacy, new Uint8Array(1232)), 'message', 'too-long'],
    ['that nobody signs', at(0, 0), 'numRequiredSignatures', 'wrong-value'],
    ['with more signers than accounts', at(0, 4), 'numRequiredSignatures', 'wrong-value'],
    ['whose payer pays nothing', at(1, 1), 'numRequiredSignatures', 'wrong-value'],
    ['with more accounts to read than there are', at(2, 3), 'numReadonlyUnsigned', 'wrong-value'],
    ['with an account twice', at(keys + 32, ...signer), 'accountKeys', 'repeated-name'],
    [
      'with a count in a longer form than it needs',
      concatBytes(legacy.subarray(0, 3), Uint8Array.of(0x83, 0), legacy.subarray(4)),
      'accountKeys',
      'not-canonical',
    ],
    [
      'with a count of four bytes',
      concatBytes(legacy.subarray(0, 3), Uint8Array.of(0x83, 0x80, 0x80, 1), legacy.subarray(4)),
      'accountKeys',
      'not-canonical',
    ],
    ['whose program is the payer', at(instructions + 1, 0), 'programIdIndex', 'wrong-value'],
    ['whose program is not there', at(instructions + 1, 3), 'programIdIndex', 'wrong-value'],
    ['whose account is not there', at(instructions + 3, 3), 'accountIndex', 'wrong-value'],
  ]
  for (const [what, bytes, field, rule] of refused) {
    it(`${what} is refused`, () => {
      assert.deepEqual(
        refusal(() => decodeSolanaMessage(bytes)),
        { field, rule },
      )
    })
  }

  it('with too many signers for a packet is refused', () => {
    const many = Array.from({ length: 14 }, (_, i) => new Uint8Array(32).fill(i + 1))
    const bytes = concatBytes(Uint8Array.of(13, 0, 0, 14), ...many, new Uint8Array(32), Uint8Array.of(0))
    assert.deepEqual(
      refusal(() => decodeSolanaMessage(bytes)),
      { field: 'message', rule: 'too-long' },
    )
  })
})
