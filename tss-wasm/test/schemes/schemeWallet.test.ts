import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { BlsDomain } from '../../content/blsDomain.ts'
import { failureOf } from '../../../testkit/failureOf.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'
import { entry } from '../../protocols/members.ts'
import { blsKeygen } from '../../schemes/blsSign.ts'
import type { SchemeShare } from '../../schemes/schemeShare.ts'
import {
  decodeSchemeWallet,
  encodeSchemeWallet,
  sealSchemeWallet,
  type SchemeWallet,
  unsealSchemeWallet,
} from '../../schemes/schemeWallet.ts'
import { ed25519Suite, taprootSuite } from '../../schemes/suite.ts'
import { results, simulate } from '../simulate.ts'
import { blsKeygenSetting, newShares } from './settings.ts'

const domain: BlsDomain = { kind: 'application', name: 'MPC-WALLET-v1', chainId: 11155111n }
const seats = [1, 2, 3].map((n) => ({
  signingKey: new Uint8Array(32).fill(n),
  encryptionKey: new Uint8Array(32).fill(16 + n),
}))

describe('a share of another scheme that is kept', () => {
  let wallets: readonly SchemeWallet[] = []
  before(async () => {
    const held: readonly SchemeShare[] = [
      { scheme: 'ed25519', share: entry(await newShares(ed25519Suite, 2, 3), 0) },
      { scheme: 'taproot', share: entry(await newShares(taprootSuite, 2, 3), 1) },
      { scheme: 'bls12381', share: entry(results(await simulate(blsKeygen, blsKeygenSetting(domain, 2, 3))), 2) },
    ]
    wallets = held.map((each) => ({ name: 'Ours 東京', createdAtMs: 1_800_000_000_000, seats, held: each }))
  })

  const fields = (wallet: SchemeWallet) =>
    JSON.parse(new TextDecoder().decode(encodeSchemeWallet(wallet))) as Record<string, unknown>
  const written = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  const refusalOf = (value: unknown) => failureOf(Promise.resolve().then(() => decodeSchemeWallet(written(value))))

  it('comes back as it was, of a BLS key with its domain', () => {
    for (const wallet of wallets) {
      const again = decodeSchemeWallet(encodeSchemeWallet(wallet))
      assert.deepEqual(encodeSchemeWallet(again), encodeSchemeWallet(wallet))
      assert.equal(again.held.share.secret.reveal(), wallet.held.share.secret.reveal())
      assert.deepEqual([again.name, again.seats.length, again.held.scheme], ['Ours 東京', 3, wallet.held.scheme])
      if (again.held.scheme === 'bls12381') assert.deepEqual(again.held.share.domain, domain)
    }
  })

  it('opens with its key, in its own place, and with nothing else', async () => {
    const random = seededRandom('sealing')
    const [key, other] = await Promise.all(
      [1, 2].map((n) =>
        crypto.subtle.importKey('raw', new Uint8Array(32).fill(n), 'AES-GCM', false, ['encrypt', 'decrypt']),
      ),
    )
    assert.ok(key && other)
    const [first] = wallets
    assert.ok(first)
    const sealed = await sealSchemeWallet(first, { kind: 'key', key }, random)
    assert.equal((await unsealSchemeWallet(sealed, { kind: 'key', key })).name, 'Ours 東京')
    const wrong = await failureOf(unsealSchemeWallet(sealed, { kind: 'key', key: other }))
    assert.match(JSON.stringify(wrong), /wrong key/)
  })

  const changes: readonly [what: string, change: (stored: Record<string, unknown>) => object, RegExp][] = [
    ['another format', () => ({ format: 1 }), /a format this program does not know/],
    ['a field that nobody knows', () => ({ extra: true }), /not well formed/],
    ['another scheme', () => ({ scheme: 'taproot' }), /not well formed: publicKey|not well formed: domain/],
    ['a secret of zero', () => ({ secret: '00'.repeat(32) }), /secret: scalar is not zero/],
    ['a secret that is not reduced', () => ({ secret: 'ff'.repeat(32) }), /secret: scalar is below the order/],
    ['the secret of another seat', () => ({ index: 1 }), /secret share belongs to its public share/],
    ['another threshold', () => ({ threshold: 3 }), /threshold is the one the key was made with/],
    ['a party less', ({ parties }) => ({ parties: (parties as unknown[]).slice(0, 1) }), /not well formed: parties/],
    ['a domain that no such key has', () => ({ domain: { kind: 'ethereum-validator', chainId: '1' } }), /domain/],
    [
      'public shares that are swapped',
      ({ parties }) => {
        const [a, b, c] = parties as Record<string, unknown>[]
        return { parties: [a, { ...b, publicShare: c?.['publicShare'] }, { ...c, publicShare: b?.['publicShare'] }] }
      },
      /public shares interpolate to the public key/,
    ],
  ]
  for (const [what, change, reason] of changes) {
    it(`with ${what} is refused by name`, async () => {
      const stored = fields(entry(wallets, 0))
      assert.match(JSON.stringify(await refusalOf({ ...stored, ...change(stored) })), reason)
    })
  }

  it('that is no JSON is refused, and says nothing of what is there', async () => {
    for (const bytes of [new Uint8Array([0xff]), new TextEncoder().encode('{"secret":"c0ffee'), written(null)]) {
      const failure = await failureOf(Promise.resolve().then(() => decodeSchemeWallet(bytes)))
      assert.equal(failure.kind, 'refused')
      assert.doesNotMatch(JSON.stringify(failure), /c0ffee/)
    }
  })
})
