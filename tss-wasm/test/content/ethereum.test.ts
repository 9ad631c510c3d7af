import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import {
  getAddress,
  hashMessage,
  keccak256,
  parseTransaction,
  recoverMessageAddress,
  recoverTransactionAddress,
  serializeTransaction,
  toRlp,
  type Hex,
} from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import type { SingleContent } from '../../content/content.ts'
import { assembleSigned, ethereumAddress, isSignedBy, signingDigest, transactionHash } from '../../content/ethereum.ts'
import { longestMessage } from '../../content/longestMessage.ts'
import { ContentRefused } from '../../content/refused.ts'
import { decodeTransaction, encodeTransaction, longestTransaction } from '../../content/transaction.ts'
import { ProtocolAbort } from '../../failure.ts'

const secretKey = new Uint8Array(32).fill(7)
const owner = privateKeyToAddress(hex(secretKey))
const recipient = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
/** chainId, nonce, tip, maximum, gas, to, value, data, access list: each as it is in RLP. */
const plainFields: (Hex | Hex[])[] = [
  '0x01',
  '0x',
  '0x01',
  '0x02',
  '0x5208',
  recipient.toLowerCase() as Hex,
  '0x03',
  '0x',
  [],
]

function hex(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`
}

function bytes(text: Hex): Uint8Array {
  return hexToBytes(text.slice(2))
}

/** The plain transaction with one field replaced. */
function unsignedWith(index: number, field: Hex | Hex[]): Uint8Array {
  return bytes(`0x02${toRlp(plainFields.with(index, field)).slice(2)}`)
}

function sign(content: SingleContent): string {
  const raw = secp256k1.sign(signingDigest(content), secretKey, { prehash: false, format: 'recovered', lowS: true })
  return assembleSigned(content, { recovery: raw[0] ?? -1, r: raw.slice(1, 33), s: raw.slice(33) })
}

function refusal(field: string, rule: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ContentRefused && error instanceof ProtocolAbort)
    assert.deepEqual([error.field, error.rule, error.failure.kind], [field, rule, 'refused'])
    return true
  }
}

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const anyTransaction = fc
  .record({
    chainId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    nonce: fc.nat(),
    maxPriorityFeePerGas: fc.bigInt({ min: 0n, max: 1n << 80n }),
    extra: fc.bigInt({ min: 0n, max: 1n << 80n }),
    gas: fc.bigInt({ min: 100_000n, max: (1n << 64n) - 1n }),
    to: fc.option(bytesOf(20)),
    value: fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }),
    data: fc.uint8Array({ maxLength: 300 }),
    accessList: fc.array(fc.record({ address: bytesOf(20), storageKeys: fc.array(bytesOf(32), { maxLength: 3 }) }), {
      maxLength: 3,
    }),
  })
  .filter(({ to, data }) => to !== null || data.length > 0)
  .map(({ extra, ...fields }) => ({ ...fields, maxFeePerGas: fields.maxPriorityFeePerGas + extra }))

suite('Ethereum transactions', () => {
  test('decode to what viem encoded, encode to the same bytes, digest as viem hashes', () => {
    fc.assert(
      fc.property(anyTransaction, (made) => {
        const reference = serializeTransaction({
          type: 'eip1559',
          ...made,
          to: made.to === null ? null : hex(made.to),
          data: hex(made.data),
          accessList: made.accessList.map(({ address, storageKeys }) => ({
            address: hex(address),
            storageKeys: storageKeys.map(hex),
          })),
        })
        const unsigned = bytes(reference)
        const decoded = decodeTransaction(unsigned)
        assert.deepEqual(
          [
            decoded.chainId,
            decoded.nonce,
            decoded.maxPriorityFeePerGas,
            decoded.maxFeePerGas,
            decoded.gasLimit,
            decoded.value,
          ],
          [
            BigInt(made.chainId),
            BigInt(made.nonce),
            made.maxPriorityFeePerGas,
            made.maxFeePerGas,
            made.gas,
            made.value,
          ],
        )
        assert.equal(decoded.to, made.to === null ? undefined : getAddress(hex(made.to)))
        assert.deepEqual(hex(decoded.data), hex(made.data))
        assert.deepEqual(
          decoded.accessList.map(({ address, storageKeys }) => [address, storageKeys.map(hex)]),
          made.accessList.map(({ address, storageKeys }) => [getAddress(hex(address)), storageKeys.map(hex)]),
        )
        assert.equal(hex(encodeTransaction(decoded)), reference)
        assert.equal(hex(signingDigest({ type: 'ethereum-transaction', unsigned })), keccak256(reference))
      }),
      { numRuns: 100 },
    )
  })

  test('carry a signature from which viem recovers the sender', async () => {
    const signed = sign({
      type: 'ethereum-transaction',
      unsigned: unsignedWith(6, '0x0de0b6b3a7640000'),
    }) as `0x02${string}`
    assert.equal(await recoverTransactionAddress({ serializedTransaction: signed }), owner)
    const parsed = parseTransaction(signed)
    assert.deepEqual(
      [parsed.to?.toLowerCase(), parsed.value, parsed.nonce ?? 0],
      [recipient.toLowerCase(), 10n ** 18n, 0],
    )
    assert.equal(transactionHash(signed), keccak256(signed))
  })

  test('are refused by name of the field and the rule it breaks', () => {
    const long = (length: number): Hex => `0x${'11'.repeat(length)}`
    const cases: [Uint8Array, field: string, rule: string][] = [
      [new Uint8Array(), 'transaction', 'wrong-type'],
      [bytes('0x01c0'), 'transaction', 'wrong-field-count'],
      [bytes('0x03c0'), 'transaction', 'blobs'],
      [bytes('0x06c0'), 'transaction', 'wrong-type'],
      [bytes('0x02'), 'transaction', 'not-rlp'],
      [bytes('0x0280'), 'transaction', 'not-a-list'],
      [bytes('0x02c0'), 'transaction', 'wrong-field-count'],
      [bytes(`${hex(unsignedWith(1, '0x'))}00`), 'transaction', 'not-rlp'],
      [bytes(`0x02${toRlp([...plainFields, '0x01', long(32), long(32)]).slice(2)}`), 'transaction', 'already-signed'],
      [unsignedWith(7, long(longestTransaction)), 'transaction', 'too-long'],
      [unsignedWith(0, '0x'), 'chainId', 'too-small'],
      [unsignedWith(0, long(9)), 'chainId', 'too-large'],
      [unsignedWith(1, '0x00'), 'nonce', 'leading-zero'],
      [unsignedWith(1, '0xffffffffffffffff'), 'nonce', 'too-large'],
      [unsignedWith(2, '0x03'), 'maxPriorityFeePerGas', 'tip-above-maximum'],
      [unsignedWith(3, long(32)), 'maxFeePerGas', 'cost-overflow'],
      [unsignedWith(4, long(9)), 'gasLimit', 'too-large'],
      [unsignedWith(5, long(19)), 'to', 'wrong-length'],
      [unsignedWith(5, []), 'to', 'not-bytes'],
      [unsignedWith(6, long(33)), 'value', 'too-large'],
      [unsignedWith(6, '0x0001'), 'value', 'leading-zero'],
      [unsignedWith(8, '0x'), 'accessList', 'not-a-list'],
      [unsignedWith(8, ['0x11']), 'accessList', 'not-a-list'],
    ]
    for (const [unsigned, field, rule] of cases) assert.throws(() => decodeTransaction(unsigned), refusal(field, rule))
    assert.throws(() => signingDigest({ type: 'ethereum-transaction', unsigned: bytes('0x02c0') }), ContentRefused)
  })

  test('never decode from two different byte strings', () => {
    const original = unsignedWith(6, '0x0de0b6b3a7640000')
    for (let at = 0; at < original.length; at++) {
      for (const flip of [0x01, 0x40, 0x80]) {
        const changed = original.with(at, (original[at] ?? 0) ^ flip)
        let decoded
        try {
          decoded = decodeTransaction(changed)
        } catch (error) {
          assert.ok(error instanceof ContentRefused)
          continue
        }
        assert.equal(hex(encodeTransaction(decoded)), hex(changed))
      }
    }
  })
})

test('a signature is known by its key, its digest and its recovery id', () => {
  const digest = signingDigest({ type: 'ethereum-message', message: new Uint8Array(3) })
  const raw = secp256k1.sign(digest, secretKey, { prehash: false, format: 'recovered', lowS: true })
  const signature = { recovery: raw[0] ?? -1, r: raw.slice(1, 33), s: raw.slice(33) }
  const key = secp256k1.getPublicKey(secretKey)
  assert.ok(isSignedBy(key, digest, signature))
  assert.ok(!isSignedBy(key, digest, { ...signature, recovery: 1 - signature.recovery }))
  assert.ok(!isSignedBy(key, digest.with(0, (digest[0] ?? 0) ^ 1), signature))
  assert.ok(!isSignedBy(secp256k1.getPublicKey(new Uint8Array(32).fill(9)), digest, signature))
  assert.ok(!isSignedBy(key, digest, { ...signature, r: new Uint8Array(32) }))
})

suite('Ethereum messages', () => {
  test('are hashed as viem does and recover to the owner', async () => {
    for (const text of ['', 'hello', 'grüezi 世界', 'x'.repeat(1000)]) {
      const content = { type: 'ethereum-message', message: new TextEncoder().encode(text) } as const
      assert.equal(hex(signingDigest(content)), hashMessage(text))
      assert.equal(await recoverMessageAddress({ message: text, signature: sign(content) as Hex }), owner)
    }
    assert.throws(
      () => signingDigest({ type: 'ethereum-message', message: new Uint8Array(longestMessage + 1) }),
      refusal('message', 'too-long'),
    )
  })
})

test('a raw digest is signed as it is, with any recovery id', () => {
  const digest = hexToBytes('5d'.repeat(32))
  const content = { type: 'raw-digest', digest } as const
  assert.deepEqual(signingDigest(content), digest)
  const signature = hexToBytes(sign(content).slice(2))
  assert.ok(secp256k1.verify(signature.subarray(0, 64), digest, secp256k1.getPublicKey(secretKey), { prehash: false }))
  const one = new Uint8Array(32).with(31, 1)
  assert.equal(assembleSigned(content, { r: one, s: one, recovery: 3 }).slice(-2), '1e')
  for (const length of [0, 31, 33]) {
    assert.throws(
      () => signingDigest({ ...content, digest: new Uint8Array(length) }),
      refusal('digest', 'wrong-length'),
    )
  }
})

test('an address has the checksum viem gives it, from either form of the key', () => {
  for (const compressed of [true, false])
    assert.equal(ethereumAddress(secp256k1.getPublicKey(secretKey, compressed)), owner)
  const noPoint = new Uint8Array(33).with(0, 2).with(32, 5) // x = 5 is not on the curve
  assert.throws(() => ethereumAddress(noPoint))
})

test('a signature Ethereum cannot carry is refused, one that nobody would accept is our bug', () => {
  const content = { type: 'ethereum-message', message: new Uint8Array() } as const
  const one = new Uint8Array(32).with(31, 1)
  assert.throws(() => assembleSigned(content, { r: one, s: one, recovery: 2 }), ProtocolAbort)
  for (const s of [new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(31).fill(1)]) {
    assert.throws(
      () => assembleSigned(content, { r: one, s, recovery: 0 }),
      (error) => !(error instanceof ProtocolAbort),
    )
  }
})
