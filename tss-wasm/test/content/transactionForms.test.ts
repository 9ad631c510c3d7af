import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { Transaction as TheirTransaction, Wallet, hashAuthorization as theirHash } from 'ethers'
import { keccak256, parseTransaction, recoverTransactionAddress, serializeTransaction, toRlp, type Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { hashAuthorization } from 'viem/utils'
import { decodeAuthorization, encodeAuthorization } from '../../content/authorization.ts'
import { assembleSigned, signingDigest } from '../../content/ethereum.ts'
import { floorGas, intrinsicGas } from '../../content/intrinsicGas.ts'
import { ContentRefused } from '../../content/refused.ts'
import { decodeTransaction, encodeTransaction } from '../../content/transaction.ts'

const secretKey = new Uint8Array(32).fill(7)
const account = privateKeyToAccount(hex(secretKey))
const to = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
const code = '0x63c0c19a282a1B52b07dD5a65b58948A07DAE32B'
const storageKey: Hex = `0x${'5a'.repeat(32)}`
const common = { chainId: 1, nonce: 4, to, value: 3n, gas: 100_000n, data: '0x1234' } as const
const accessList = [{ address: code, storageKeys: [storageKey] }] as const

function hex(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`
}
const bytes = (text: string) => hexToBytes(text.slice(2))

function signed(unsigned: Uint8Array): Hex {
  const content = { type: 'ethereum-transaction', unsigned } as const
  const raw = secp256k1.sign(signingDigest(content), secretKey, { prehash: false, format: 'recovered' })
  return assembleSigned(content, { r: raw.slice(1, 33), s: raw.slice(33), recovery: raw[0] ?? 0 }) as Hex
}

const refusal = (field: string, rule: string, needed?: string) => (error: unknown) => {
  assert.ok(error instanceof ContentRefused, String(error))
  assert.deepEqual([error.field, error.rule, error.needed], [field, rule, needed])
  return true
}

suite('transactions of other forms', () => {
  test('of type 1 (EIP-2930) have the digest and the sender that viem and ethers give them', async () => {
    const unsigned = bytes(serializeTransaction({ type: 'eip2930', ...common, gasPrice: 30n, accessList }))
    const read = decodeTransaction(unsigned)
    assert.deepEqual([read.form, read.maxFeePerGas, read.maxPriorityFeePerGas, read.to], ['access-list', 30n, 30n, to])
    assert.deepEqual(
      read.accessList.map(({ address, storageKeys }) => [address, storageKeys.map(hex)]),
      [[code, [storageKey]]],
    )
    assert.deepEqual(encodeTransaction(read), unsigned)
    const digest = hex(signingDigest({ type: 'ethereum-transaction', unsigned }))
    assert.equal(digest, keccak256(hex(unsigned)))
    assert.equal(digest, TheirTransaction.from(hex(unsigned)).unsignedHash)
    const serialized = signed(unsigned)
    assert.equal(
      await recoverTransactionAddress({ serializedTransaction: serialized as `0x01${string}` }),
      account.address,
    )
    assert.equal(TheirTransaction.from(serialized).from, account.address)
  })

  test('of type 4 (EIP-7702) name the accounts that get code, and are signed as viem and ethers sign them', async () => {
    const authorization = await account.signAuthorization({ contractAddress: code, chainId: 0, nonce: 9 })
    const unsigned = bytes(
      serializeTransaction({
        type: 'eip7702',
        ...common,
        maxFeePerGas: 30n,
        maxPriorityFeePerGas: 2n,
        authorizationList: [authorization],
      }),
    )
    const read = decodeTransaction(unsigned)
    const [first] = read.authorizations ?? []
    assert.deepEqual(
      [read.form, first?.authority, first?.address, first?.chainId, first?.nonce],
      ['delegation', account.address, code, 0n, 9n],
    )
    assert.deepEqual(encodeTransaction(read), unsigned)
    const serialized = signed(unsigned)
    assert.equal(
      await recoverTransactionAddress({ serializedTransaction: serialized as `0x04${string}` }),
      account.address,
    )
    assert.equal(parseTransaction(serialized as `0x04${string}`).authorizationList.length, 1)
    assert.equal(TheirTransaction.from(serialized).from, account.address)
    const nobodys = encodeTransaction({
      ...read,
      authorizations: [{ chainId: 1n, address: code, nonce: 0n, yParity: 0n, r: 0n, s: 0n, authority: undefined }],
    })
    assert.equal(decodeTransaction(nobodys).authorizations?.[0]?.authority, undefined)
  })

  test('that carry blobs, no authorization, or no recipient for it are refused by name', () => {
    const field = (n: number): Hex => `0x${n.toString(16).padStart(2, '0')}`
    const delegating = (to: Hex, list: Hex[][]) =>
      bytes(`0x04${toRlp([field(1), '0x', field(1), field(2), '0x0186a0', to, '0x', '0x', [], list]).slice(2)}`)
    const one = [field(1), code.toLowerCase() as Hex, '0x', '0x', field(1), field(1)] as Hex[]
    decodeTransaction(delegating(to, [one]))
    assert.throws(() => decodeTransaction(bytes('0x03c0')), refusal('transaction', 'blobs'))
    assert.throws(() => decodeTransaction(delegating(to, [])), refusal('authorizationList', 'missing-field'))
    assert.throws(() => decodeTransaction(delegating('0x', [one])), refusal('to', 'missing-field'))
    assert.throws(
      () => decodeTransaction(delegating(to, [one.slice(1)])),
      refusal('authorizationList', 'wrong-field-count'),
    )
  })
})

suite('an authorization (EIP-7702)', () => {
  test('has the digest that viem and ethers give it, and is signed so that both recover the account', async () => {
    for (const [chainId, nonce] of [
      [1, 0],
      [0, 300],
      [11155111, 7],
    ] as const) {
      const unsigned = encodeAuthorization({ chainId: BigInt(chainId), address: code, nonce: BigInt(nonce) })
      assert.deepEqual(decodeAuthorization(unsigned), { chainId: BigInt(chainId), address: code, nonce: BigInt(nonce) })
      const digest = hex(signingDigest({ type: 'ethereum-authorization', unsigned }))
      assert.equal(digest, hashAuthorization({ contractAddress: code, chainId, nonce }))
      assert.equal(digest, theirHash({ address: code, chainId, nonce }))
      const theirs = await new Wallet(hex(secretKey)).authorize({ address: code, chainId, nonce })
      const raw = secp256k1.sign(bytes(digest), secretKey, { prehash: false, format: 'recovered' })
      const content = { type: 'ethereum-authorization', unsigned } as const
      const ours = assembleSigned(content, { r: raw.slice(1, 33), s: raw.slice(33), recovery: raw[0] ?? 0 })
      assert.equal(ours, theirs.signature.serialized)
    }
  })

  test('that is cut, long or something else is refused', () => {
    const good = encodeAuthorization({ chainId: 1n, address: code, nonce: 0n })
    for (const bad of [
      good.slice(0, -1),
      Uint8Array.of(...good, 0),
      good.with(0, 4),
      new Uint8Array(200),
      new Uint8Array(),
    ]) {
      assert.throws(() => decodeAuthorization(bad), ContentRefused)
    }
  })
})

suite('what no network takes is refused where it is decoded, whoever made it', () => {
  const plain = {
    chainId: 1n,
    nonce: 0n,
    maxFeePerGas: 1n,
    maxPriorityFeePerGas: 1n,
    gasLimit: 60_000n,
    to,
    value: 10n ** 18n,
    data: new Uint8Array(),
    accessList: [],
  }

  test('a payment without a recipient, which would lock the amount in an empty contract', () => {
    for (const form of [undefined, 'legacy', 'access-list'] as const) {
      const transaction = { ...plain, to: undefined, ...(form && { form }) }
      assert.throws(() => encodeTransaction(transaction), refusal('to', 'creates-nothing'))
    }
    encodeTransaction({ ...plain, to: undefined, data: Uint8Array.of(0x60) })
    const written = serializeTransaction({
      chainId: 1,
      gas: 60_000n,
      maxFeePerGas: 1n,
      maxPriorityFeePerGas: 1n,
      value: 1n,
    })
    assert.throws(() => decodeTransaction(bytes(written)), refusal('to', 'creates-nothing'))
  })

  test('less gas than the transaction itself takes: for data, for a new contract, for its lists', () => {
    const transfer = hexToBytes(`a9059cbb${to.slice(2).toLowerCase().padStart(64, '0')}${'5'.padStart(64, '0')}`)
    // 21000, 43 zero bytes of 4 and 25 others of 16: as the yellow paper counts them.
    assert.equal(intrinsicGas({ to, data: transfer, accessList: [] }), 21_572n)
    const lacking = { ...plain, data: transfer, gasLimit: 21_000n }
    assert.throws(() => encodeTransaction(lacking), refusal('gasLimit', 'below-gas', '21572'))
    encodeTransaction({ ...lacking, gasLimit: 21_572n })
    assert.equal(
      intrinsicGas({ to: undefined, data: new Uint8Array(33).fill(1), accessList: [] }),
      53_000n + 33n * 16n + 4n,
    )
    const list = [{ address: to, storageKeys: [new Uint8Array(32), new Uint8Array(32)] }]
    assert.equal(intrinsicGas({ to, data: new Uint8Array(), accessList: list }), 21_000n + 2400n + 2n * 1900n)
    assert.throws(() => encodeTransaction({ ...plain, gasLimit: 20_999n }), refusal('gasLimit', 'below-gas', '21000'))
  })

  test('the floor for much data (EIP-7623) is ten for each token', () => {
    assert.equal(floorGas({ to, data: Uint8Array.of(0, 0, 1), accessList: [] }), 21_000n + 10n * 6n)
  })
})
