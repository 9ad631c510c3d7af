import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { decodeSchemeSettings, type SchemeSettings } from '../coordinator-stub/party/schemes.ts'
import { memoryRuns } from '../participant/connection/runs.ts'
import { createCoordinator } from '../participant/createCoordinator.ts'
import type { PinnedParty } from '../participant/session/serverParties.ts'
import { failureOf } from '../testkit/failureOf.ts'
import { type Rig, rig, temporaryFolder } from '../testkit/harness.ts'
import { idleClock } from '../testkit/idleClock.ts'
import { partiesIn, type RunningParties, running, type Server } from '../testkit/partiesInProcess.ts'
import {
  depositMessage,
  isDepositSigned,
  isEd25519Signed,
  isTaprootPaid,
  solanaTransfer,
  taprootAddressOf,
  taprootPayment,
} from '../testkit/schemeJudges.ts'
import { type HeldKey, makeKey, newSealing, type SchemePerson, signWithKey } from '../testkit/schemePerson.ts'
import type { BlsDomain } from '../tss-wasm/content/blsDomain.ts'
import type { KeyScheme } from '../tss-wasm/content/keyScheme.ts'
import { finalizeTaprootPayment, importTaprootPsbt, taprootAddress } from '../tss-wasm/content/taprootPsbt.ts'
import { createIdentity } from '../tss-wasm/identity/identity.ts'
import { unsealWallet } from '../tss-wasm/keyShare/seal.ts'
import { utf8ToBytes } from '../tss-wasm/integers/bytes.ts'
import { defaultPolicy } from '../tss-wasm/policy/policy.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { unsealSchemeWallet } from '../tss-wasm/schemes/schemeWallet.ts'
import { localEngine } from '../tss-wasm/test/localEngine.ts'

const validator: BlsDomain = { kind: 'ethereum-validator', chainId: 1n }
const schemes: SchemeSettings = { ed25519: true, taproot: true, bls12381: [validator], mostSignaturesPerHour: 4 }
const other = new Uint8Array(32).fill(2)
const payee = 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'
const coins = [50_000n, 70_000n]

describe('keys of other schemes, made and used with server parties', () => {
  const resources = new AsyncDisposableStack()
  let at: Rig
  let servers: readonly Server[]
  let pinned: readonly PinnedParty[]
  let parties: RunningParties
  let person: SchemePerson
  const held = new Map<KeyScheme['scheme'], HeldKey>()

  const newPerson = async (): Promise<SchemePerson> => ({
    coordinator: createCoordinator(at.transport, { random: systemRandom, runs: memoryRuns() }),
    identity: await createIdentity(),
    startEngine: () => localEngine(systemRandom, idleClock),
    sealing: await newSealing(),
  })
  const keyOf = (scheme: KeyScheme['scheme']): HeldKey => held.get(scheme) ?? assert.fail(`no key of ${scheme}`)

  before(async () => {
    const { path } = resources.use(await temporaryFolder())
    // No primes: other schemes need none.
    servers = await partiesIn(path, [[], []], resources)
    pinned = servers.map(({ name, folder }) => ({ name, identity: folder.identity.public }))
    at = await rig({ parties: pinned })
    parties = resources.use(await running(servers, { transport: at.transport, policy: defaultPolicy, schemes }))
    person = await newPerson()
    const kinds: readonly KeyScheme[] = [
      { scheme: 'ed25519' },
      { scheme: 'taproot' },
      { scheme: 'bls12381', domain: validator },
    ]
    for (const key of kinds) held.set(key.scheme, await makeKey(person, { key, threshold: 2, parties: pinned }))
  })
  after(() => resources.disposeAsync())

  it('are kept sealed in the folder of each party, active, with the scheme that they are of', async () => {
    await parties.said('wallet-active', 6)
    for (const { key, walletId, publicKey, isActive } of held.values()) {
      assert.ok(isActive)
      for (const { folder } of servers) {
        const wallet = await folder.wallet(walletId)
        assert.equal(wallet?.state, 'active')
        assert.deepEqual([wallet.key, new Uint8Array(wallet.publicKey)], [key, publicKey])
        const sealed = await folder.share(walletId)
        const opening = { kind: 'key', key: folder.masterKey } as const
        const opened = await unsealSchemeWallet(sealed, opening)
        assert.deepEqual(new Uint8Array(opened.held.share.publicKey.toBytes()), publicKey)
        const asEcdsa = await failureOf(unsealWallet(sealed, opening))
        assert.match(JSON.stringify(asEcdsa), /of a format this program does not know/)
        assert.deepEqual(await folder.activeWallets(), [])
      }
    }
  })

  it('sign a Solana transfer that OpenSSL takes', async () => {
    const key = keyOf('ed25519')
    const message = solanaTransfer(key.publicKey, other, 1_500_000_000n)
    const { signatures, protocol } = await signWithKey(person, key, { type: 'solana-message', message })
    assert.equal(protocol, 'FROST-ED25519-SHA512-v1')
    assert.equal(signatures.length, 1)
    assert.ok(isEd25519Signed(key.publicKey, message, signatures[0] ?? new Uint8Array()))
  })

  it('pay two coins of a Taproot address that btc-signer derives, with signatures that libsecp256k1 takes', async () => {
    const key = keyOf('taproot')
    const address = taprootAddress(key.publicKey)
    assert.equal(address, taprootAddressOf(key.publicKey))
    const psbt = importTaprootPsbt(taprootPayment(key.publicKey, payee, coins, 100_000n), key.publicKey)
    const { signatures } = await signWithKey(person, key, { type: 'taproot-psbt', psbt })
    const { transaction } = finalizeTaprootPayment(psbt, signatures)
    assert.ok(isTaprootPaid(transaction, address, coins))
    assert.ok(!isTaprootPaid(transaction, address, [50_001n, 70_000n]))
  })

  it('sign a deposit that blst takes, whichever of the parties is asked', async () => {
    const key = keyOf('bls12381')
    const ssz = depositMessage(key.publicKey, new Uint8Array(20).fill(5), 32_000_000_000n)
    const content = { type: 'validator-object', object: 'deposit', ssz } as const
    const made = [
      await signWithKey(person, key, content, key.others.slice(0, 1)),
      await signWithKey(person, key, content, key.others.slice(1)),
    ].map(({ signatures }) => signatures[0] ?? new Uint8Array())
    for (const signature of made) assert.ok(isDepositSigned(key.publicKey, ssz, signature))
    assert.deepEqual(made[0], made[1])
  })

  const foreign = new Uint8Array(32).fill(3)
  const refused: readonly [what: string, scheme: KeyScheme['scheme'], content: (key: HeldKey) => unknown, RegExp][] = [
    [
      'a Solana message that another key has to sign',
      'ed25519',
      () => ({ type: 'solana-message', message: solanaTransfer(foreign, other, 1n) }),
      /signers: other-signer/,
    ],
    [
      'bytes that are no Solana message',
      'ed25519',
      () => ({ type: 'solana-message', message: utf8ToBytes('Pay 1 to Ana') }),
      /numRequiredSignatures: wrong-value|message: wrong-length/,
    ],
    [
      'coins of another key',
      'taproot',
      () => ({ type: 'taproot-psbt', psbt: taprootPayment(strange, payee, [1000n], 500n) }),
      /input 1: not-ours/,
    ],
    [
      'a message in a domain that the key is not of',
      'bls12381',
      () => ({ type: 'application-message', message: utf8ToBytes('Pay 1 to Ana') }),
      /domain: other-signer/,
    ],
    [
      'a deposit for another validator',
      'bls12381',
      () => ({
        type: 'validator-object',
        object: 'deposit',
        ssz: depositMessage(new Uint8Array(48), other.slice(12), 10n ** 9n),
      }),
      /pubkey: other-signer/,
    ],
  ]
  /** The generator. */
  const strange = new Uint8Array([
    2,
    ...Buffer.from('79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798', 'hex'),
  ])
  for (const [what, scheme, content, reason] of refused) {
    it(`do not sign ${what}`, async () => {
      const key = keyOf(scheme)
      const asked = content(key) as Parameters<typeof signWithKey>[2]
      const failure = await failureOf(signWithKey(person, key, asked))
      assert.ok(failure.kind === 'peer-gave-up', JSON.stringify(failure))
      assert.equal(failure.why, 'refused')
      assert.match(failure.detail, reason)
    })
  }

  it('sign for holders only, as often as the settings allow, and not as keys of another scheme', async () => {
    const key = keyOf('ed25519')
    const content = { type: 'solana-message', message: solanaTransfer(key.publicKey, other, 1n) } as const
    const [first] = key.others
    assert.ok(first)
    const stranger = await newPerson()
    const asked = await failureOf(signWithKey({ ...stranger, sealing: person.sealing }, key, content))
    assert.match(JSON.stringify(asked), /only those who hold a share of the wallet/)
    const taproot = keyOf('taproot')
    const asEcdsa = person.coordinator.create({
      ...{
        identity: person.identity,
        threshold: 2,
        parties: 3,
        mySeat: 1 as never,
        others: taproot.others.slice(0, 1),
      },
      proposal: {
        kind: 'sign',
        publicKey: taproot.publicKey,
        content: { type: 'ethereum-message', message: utf8ToBytes('Pay 1 to Ana') },
      },
    })
    await using seat = await asEcdsa
    const ended = Promise.withResolvers<unknown>()
    seat.ended(ended.resolve)
    seat.watchPresence((all) => {
      const failure = all.find(({ state }) => state === 'failed')?.failure
      if (failure !== undefined) ended.resolve(failure)
    })
    assert.match(JSON.stringify(await ended.promise), /holds no share of that wallet|not-a-holder/)
    for (let left = 3; left > 0; left -= 1) await signWithKey(person, key, content, [first])
    const fifth = await failureOf(signWithKey(person, key, content, [first]))
    assert.match(JSON.stringify(fifth), /at most 4 signatures an hour/)
  })

  it('are not made with a scheme or a domain that a party is not set up for', async () => {
    const key: KeyScheme = { scheme: 'bls12381', domain: { ...validator, chainId: 11155111n } }
    const failure = await failureOf(makeKey(person, { key, threshold: 2, parties: pinned }))
    assert.match(JSON.stringify(failure), /BLS keys of this domain are not allowed here/)
  })
})

describe('settings of other schemes', () => {
  it('say which keys are made, and allow none that they do not name', () => {
    const text = JSON.stringify({
      version: 1,
      taproot: true,
      bls12381: [{ kind: 'application', name: 'MPC-WALLET-v1', chainId: '1' }],
      mostSignaturesPerHour: 60,
    })
    assert.deepEqual(decodeSchemeSettings(text), {
      ed25519: false,
      taproot: true,
      bls12381: [{ kind: 'application', name: 'MPC-WALLET-v1', chainId: 1n }],
      mostSignaturesPerHour: 60,
    })
  })

  for (const [what, change, reason] of [
    ['another version', { version: 2 }, /version/],
    ['a scheme that nobody knows', { ed448: true }, /ed448/],
    ['a domain without a chain', { bls12381: [{ kind: 'ethereum-validator' }] }, /bls12381\.0\.chainId/],
    ['a chain that is a number', { bls12381: [{ kind: 'ethereum-validator', chainId: 1 }] }, /bls12381\.0\.chainId/],
    ['a name that no domain has', { bls12381: [{ kind: 'application', name: 'a:1', chainId: '1' }] }, /bls12381\.0/],
    ['no limit', { mostSignaturesPerHour: undefined }, /mostSignaturesPerHour/],
  ] as const) {
    it(`with ${what} are refused by name`, () => {
      const text = JSON.stringify({ version: 1, mostSignaturesPerHour: 60, ...change })
      assert.throws(() => decodeSchemeSettings(text), reason)
    })
  }
})
