import assert from 'node:assert/strict'
import { mkdir, rename, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { toRlp } from 'viem'
import { readFile } from 'node:fs/promises'
import type { SigningContent } from '../../tss-wasm/content/content.ts'
import { bitcoinAddress } from '../../tss-wasm/content/bitcoin.ts'
import { importTypedData } from '../../tss-wasm/content/typedData.ts'
import { encodeAuthorization } from '../../tss-wasm/content/authorization.ts'
import { importPsbt } from '../../tss-wasm/content/psbt.ts'
import { keyHashScript } from '../../tss-wasm/content/scripts.ts'
import { psbtOf } from '../../tss-wasm/test/content/payments.ts'
import { encodeTransaction, type EthereumTransaction } from '../../tss-wasm/content/transaction.ts'
import { createIdentity, fingerprint } from '../../tss-wasm/identity/identity.ts'
import { openLedger, type Charge } from '../party/ledger.ts'
import { allowCreating, allowSigning as allowOrder } from '../party/allow.ts'
import { dayMs, defaultPolicy, type Policy } from '../../tss-wasm/policy/policy.ts'
import { decodePolicy } from '../../tss-wasm/policy/policyFile.ts'
import { openRunLog } from '../party/runLog.ts'
import { temporaryFolder } from '../../testkit/harness.ts'

/** Fingerprint of whoever asks, where no rule is about that. */
const anybody = '0000 0000 0000 0000 0000 0000'
const publicKey = secp256k1.getPublicKey(new Uint8Array(32).fill(7))
function allowSigning(policy: Policy, content: SigningContent, earlier: readonly Charge[], nowMs: number) {
  const [charge, ...more] = allowOrder(policy, { order: { publicKey, content }, by: anybody }, earlier, nowMs)
  assert.equal(more.length, 0)
  return charge
}
const now = 1_800_000_000_000
const friend = '0x000000000000000000000000000000000000dEaD'
const strictly = decodePolicy(
  JSON.stringify({
    version: 1,
    messages: false,
    mostSignaturesPerHour: 3,
    chains: [{ chainId: 1, destinations: [friend], mostPerTransaction: '1000', mostPerDay: '1500' }],
  }),
)
const transaction = (changes: Partial<EthereumTransaction> = {}) =>
  ({
    type: 'ethereum-transaction',
    unsigned: encodeTransaction({
      chainId: 1n,
      nonce: 0n,
      maxPriorityFeePerGas: 0n,
      maxFeePerGas: 0n,
      gasLimit: 21_000n,
      to: friend,
      value: 900n,
      data: new Uint8Array(),
      accessList: [],
      ...changes,
    }),
  }) as const
const message = { type: 'ethereum-message', message: new Uint8Array([1]) } as const
const typed = {
  type: 'ethereum-typed-data',
  json: importTypedData(
    '{"types":{"Order":[{"name":"id","type":"uint8"}]},"primaryType":"Order","domain":{"chainId":1},"message":{"id":7}}',
  ),
} as const
const digest = { type: 'raw-digest', digest: new Uint8Array(32) } as const
const charge = (amount: bigint, atMs = now) => ({ atMs, request: 'r', walletId: 'w', chainId: 1, amount })

describe('a policy', () => {
  it('allows what it says, and charges value and highest fee', () => {
    assert.deepEqual(allowSigning(strictly, transaction(), [], now), { chainId: 1, amount: 900n })
    const fee = transaction({ value: 500n, gasLimit: 21_000n, maxFeePerGas: 2n })
    assert.deepEqual(allowSigning(defaultPolicy, fee, [], now), { chainId: 1, amount: 42_500n })
    assert.deepEqual(allowSigning(defaultPolicy, message, [], now), { chainId: undefined, amount: 0n })
    assert.deepEqual(allowSigning(defaultPolicy, typed, [], now), { chainId: undefined, amount: 0n })
    allowSigning(defaultPolicy, transaction({ chainId: 5n, value: 10n ** 30n }), [], now)
  })

  const refusals: [name: string, content: Parameters<typeof allowSigning>[1], earlier: bigint[], reason: RegExp][] = [
    ['a message', message, [], /signing messages is not allowed/],
    ['typed data', typed, [], /signing typed data is not allowed/],
    ['a raw digest', digest, [], /signing raw digests is not allowed/],
    ['another chain', transaction({ chainId: 5n }), [], /chain 5 is not allowed/],
    ['another destination', transaction({ to: '0x00000000000000000000000000000000000000bb' }), [], /destination/],
    ['data', transaction({ data: new Uint8Array([1]), gasLimit: 30_000n }), [], /with data/],
    [
      'a new contract',
      transaction({ to: undefined, data: new Uint8Array([1]), gasLimit: 60_000n }),
      [],
      /creating contracts/,
    ],
    ['too much at once', transaction({ value: 1001n }), [], /above 0.000000000000001 ETH each/],
    [
      'too much by its fee',
      transaction({ gasLimit: 21_000n, maxFeePerGas: 1n }),
      [],
      /above 0.000000000000001 ETH each/,
    ],
    ['too much in a day', transaction(), [601n], /above 0.0000000000000015 ETH a day/],
    ['too often', transaction({ value: 0n }), [0n, 0n, 0n], /limit of 3 signatures an hour/],
  ]
  for (const [name, content, earlier, reason] of refusals) {
    it(`refuses ${name}`, () => {
      assert.throws(() => {
        allowSigning(
          strictly,
          content,
          earlier.map((amount) => charge(amount)),
          now,
        )
      }, reason)
    })
  }

  it('counts what leaves a Bitcoin wallet, and the fee, and not what comes back', () => {
    const pay = (address: Uint8Array, change = {}) => {
      const coins = [60_000n, 50_000n].map((amount) => ({ path: [], amount }))
      const sendings = [
        { script: address, amount: 80_000n },
        { script: keyHashScript(publicKey), amount: 29_000n },
      ]
      return {
        type: 'bitcoin-psbt',
        psbt: importPsbt(psbtOf(publicKey, coins, sendings, change), publicKey),
      } as const
    }
    const friendKey = secp256k1.getPublicKey(new Uint8Array(32).fill(8))
    const payment = pay(keyHashScript(friendKey))
    const spending = { chainId: 'bitcoin', amount: 81_000n } as const
    assert.deepEqual(allowSigning(defaultPolicy, payment, [], now), spending)
    assert.throws(() => allowSigning(strictly, payment, [], now), /signing Bitcoin payments is not allowed/)
    const policy = decodePolicy(
      JSON.stringify({
        version: 1,
        messages: false,
        mostSignaturesPerHour: 9,
        chains: [],
        bitcoin: { destinations: [bitcoinAddress(friendKey)], mostPerTransaction: '90000', mostPerDay: '100000' },
      }),
    )
    assert.deepEqual(allowSigning(policy, payment, [], now), spending)
    const earlier = [{ ...charge(20_000n), chainId: 'bitcoin' as const }]
    assert.throws(
      () => allowSigning(policy, payment, earlier, now),
      /above 0.001 BTC a day: 0.0002 BTC are spent, this may cost 0.00081 BTC/,
    )
    const thief = pay(keyHashScript(secp256k1.getPublicKey(new Uint8Array(32).fill(9))))
    assert.throws(() => allowSigning(policy, thief, [], now), /destination bc1\w+ is not allowed/)
    const unproven = pay(keyHashScript(friendKey), { input: { nonWitnessUtxo: undefined } })
    assert.throws(() => allowSigning(policy, unproven, [], now), /transactions that its inputs spend/)
  })

  it('signs raw digests only where that is written down', () => {
    assert.throws(() => allowSigning(defaultPolicy, digest, [], now), /signing raw digests is not allowed/)
    const boldly = { ...defaultPolicy, rawDigest: true }
    assert.deepEqual(allowSigning(boldly, digest, [], now), { chainId: undefined, amount: 0n })
    assert.throws(() => allowSigning(boldly, { ...digest, digest: new Uint8Array(31) }, [], now), /wrong-length/)
  })

  it('gives no account to the code of a contract unless that is written down', () => {
    const code = { chainId: 1n, address: friend, nonce: 0n }
    const authorization = { type: 'ethereum-authorization', unsigned: encodeAuthorization(code) } as const
    const signed = { ...code, yParity: 0n, r: 1n, s: 1n, authority: undefined }
    const carrying = transaction({ form: 'delegation', gasLimit: 60_000n, authorizations: [signed] })
    for (const content of [authorization, carrying]) {
      assert.throws(
        () => allowSigning(defaultPolicy, content, [], now),
        /signing EIP-7702 authorizations is not allowed/,
      )
      allowSigning({ ...defaultPolicy, delegations: true }, content, [], now)
    }
  })

  it('signs nothing that would lock money up for ever, or that no network takes', () => {
    // As viem writes it, which asks for nothing; encodeTransaction makes no such transaction.
    const unsigned = (gas: `0x${string}`, to: `0x${string}`) =>
      Buffer.from(`02${toRlp(['0x01', '0x', '0x01', '0x01', gas, to, '0x0de0b6b3a7640000', '0x', []]).slice(2)}`, 'hex')
    const sign = (bytes: Uint8Array) =>
      allowSigning(defaultPolicy, { type: 'ethereum-transaction', unsigned: new Uint8Array(bytes) }, [], now)
    sign(unsigned('0x5208', friend))
    assert.throws(() => sign(unsigned('0xea60', '0x')), /to: creates-nothing/)
    assert.throws(() => sign(unsigned('0x5207', friend)), /gasLimit: below-gas/)
  })

  it('compares addresses as addresses: in upper case, and with their checksum', () => {
    const friendKey = secp256k1.getPublicKey(new Uint8Array(32).fill(8))
    const own = bitcoinAddress(friendKey)
    const file = (bitcoin: string, ethereum: string) =>
      JSON.stringify({
        version: 1,
        messages: false,
        mostSignaturesPerHour: 9,
        chains: [{ chainId: 1, destinations: [ethereum] }],
        bitcoin: { destinations: [bitcoin] },
      })
    const policy = decodePolicy(file(own.toUpperCase(), friend.toLowerCase()))
    const coins = [{ path: [], amount: 60_000n }]
    const psbt = importPsbt(
      psbtOf(publicKey, coins, [{ script: keyHashScript(friendKey), amount: 50_000n }]),
      publicKey,
    )
    allowSigning(policy, { type: 'bitcoin-psbt', psbt }, [], now)
    allowSigning(policy, transaction(), [], now)
    const upperHalf = `BC1${own.slice(3)}`
    const wrong = `${own.slice(0, -1)}${own.endsWith('q') ? 'p' : 'q'}`
    for (const address of [upperHalf, wrong, 'tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx']) {
      assert.throws(() => decodePolicy(file(address, friend)), new RegExp(`${address}.* is not a Bitcoin address`))
    }
    const mistyped = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96046'
    assert.throws(() => decodePolicy(file(own, mistyped)), new RegExp(`${mistyped}.* is not an Ethereum address`))
  })

  it('forgets a day after a day and an hour after an hour', () => {
    const earlier = [charge(1000n, now - dayMs - 1), charge(0n, now - 3_600_001), charge(0n), charge(0n)]
    allowSigning(strictly, transaction(), earlier, now)
  })

  it('makes wallets only for those it lists', async () => {
    const [listed, other] = [await createIdentity(), await createIdentity()]
    const policy: Policy = { ...defaultPolicy, createWalletsFor: [fingerprint(listed.public)] }
    allowCreating(policy, listed.public)
    assert.throws(() => {
      allowCreating(policy, other.public)
    }, /policy/)
  })

  it('is refused when a part is missing, mistyped or unknown', async () => {
    const good = { version: 1, messages: true, chains: 'any', mostSignaturesPerHour: 1 }
    const chain = { chainId: 1, destinations: 'any' }
    decodePolicy(JSON.stringify(good))
    const bad: object[] = [
      {},
      { ...good, version: 2 },
      { ...good, extra: 1 },
      { ...good, messages: undefined },
      { ...good, mostSignaturesPerHour: -1 },
      { ...good, chains: [{ ...chain, mostPerDay: 5 }] },
      { ...good, chains: [{ ...chain, mostPerDya: '5' }] },
      { ...good, chains: [{ ...chain, destinations: ['vitalik.eth'] }] },
      { ...good, chains: [chain, chain] },
      { ...good, createWalletsFor: ['somebody'] },
    ]
    for (const each of bad) assert.throws(() => decodePolicy(JSON.stringify(each)), /policy file/, JSON.stringify(each))
    const documented = await readFile(new URL('../../docs/POLICY.md', import.meta.url), 'utf8')
    decodePolicy(/```json\n([^`]*)```/.exec(documented)?.[1] ?? '')
  })
})

describe('what a server party remembers', () => {
  it('charges once a request, one after the other, over a restart', async () => {
    await using at = await temporaryFolder()
    const path = join(at.path, 'ledger.json')
    const ask = async (request: string, value: bigint) => {
      const ledger = await openLedger(path, dayMs)
      await ledger.charge({ request, walletId: 'w' }, now, (earlier) =>
        allowOrder(strictly, { order: { publicKey, content: transaction({ value }) }, by: anybody }, earlier, now),
      )
    }
    await ask('a', 900n)
    await ask('a', 900n)
    await assert.rejects(ask('b', 700n), /above 0.0000000000000015 ETH a day/)
    await ask('b', 600n)
    const ledger = await openLedger(path, dayMs)
    const both = ['c', 'd'].map((request) =>
      ledger.charge({ request, walletId: 'w' }, now, (earlier) =>
        allowOrder(strictly, { order: { publicKey, content: transaction({ value: 0n }) }, by: anybody }, earlier, now),
      ),
    )
    const outcomes = (await Promise.allSettled(both)).map(({ status }) => status)
    assert.deepEqual(outcomes, ['fulfilled', 'rejected'])
  })

  it('charges a batch for each of its items or for none, over a restart, and gives all of it back', async () => {
    await using at = await temporaryFolder()
    const path = join(at.path, 'ledger.json')
    const ask = async (request: string, ...values: bigint[]) => {
      const items = values.map((value, nonce) => transaction({ value, nonce: BigInt(nonce) }))
      const order = { publicKey, content: { type: 'batch', items } } as const
      const ledger = await openLedger(path, dayMs)
      return ledger.charge({ request, walletId: 'w' }, now, (earlier) =>
        allowOrder(strictly, { order, by: anybody }, earlier, now),
      )
    }
    await assert.rejects(ask('a', 800n, 800n), /above 0.0000000000000015 ETH a day: 0.0000000000000008 ETH are spent/)
    await assert.rejects(ask('b', 10n, 20n, 30n, 40n), /limit of 3 signatures an hour/)
    await assert.rejects(ask('c', 10n, 2000n), /above 0.000000000000001 ETH each/)
    assert.equal(await ask('d', 700n, 800n), true)
    assert.equal(await ask('d', 700n, 800n), false)
    const ledger = await openLedger(path, dayMs)
    const spent = ledger.earlier('w', now).map(({ request, amount }) => [request, amount])
    assert.deepEqual(spent, [['d', 700n], ['d', 800n]]) // prettier-ignore
    await ledger.giveBack('d')
    assert.deepEqual((await openLedger(path, dayMs)).earlier('w', now), [])
    assert.equal(await ask('e', 1000n), true)
  })

  it('reads again whatever it has charged: the largest chain and the largest cost', async () => {
    await using at = await temporaryFolder()
    const path = join(at.path, 'ledger.json')
    const most = 2n ** 256n - 1n
    const dearest = transaction({
      chainId: 2n ** 63n - 1n,
      value: most,
      gasLimit: 21_000n,
      maxFeePerGas: most / 21_000n,
    })
    for (const request of ['a', 'b']) {
      const ledger = await openLedger(path, dayMs)
      await ledger.charge({ request, walletId: 'w' }, now, (earlier) =>
        allowOrder(defaultPolicy, { order: { publicKey, content: dearest }, by: anybody }, earlier, now),
      )
    }
  })

  it('enters a run once, over a restart and a line that a crash cut short', async () => {
    await using at = await temporaryFolder()
    const path = join(at.path, 'runs.log')
    const run = (fill: number) => new Uint8Array(16).fill(fill)
    const log = await openRunLog(path)
    assert.deepEqual(await Promise.all([log.enter(run(1)), log.enter(run(1)), log.enter(run(2))]), [true, false, true])
    const again = await openRunLog(path)
    assert.equal(await again.enter(run(2)), false)
    await writeFile(path, `${await readFile(path, 'utf8')}0303030303`)
    const after = await openRunLog(path)
    assert.equal(await after.enter(run(3)), true)
    assert.equal(await (await openRunLog(path)).enter(run(3)), false)
    assert.equal(await (await openRunLog(path)).enter(run(1)), false)
  })

  it('enters runs on lines of their own, also after the disk took half of one', async () => {
    await using at = await temporaryFolder()
    const path = join(at.path, 'runs.log')
    const run = (fill: number) => new Uint8Array(16).fill(fill)
    const log = await openRunLog(path)
    await log.enter(run(1))
    await rename(path, `${path}.away`)
    await mkdir(path)
    await assert.rejects(log.enter(run(2)))
    await rmdir(path)
    await writeFile(path, `${await readFile(`${path}.away`, 'utf8')}0202`)
    assert.equal(await log.enter(run(3)), true)
    for (const fill of [1, 3]) assert.equal(await (await openRunLog(path)).enter(run(fill)), false)
  })
})
