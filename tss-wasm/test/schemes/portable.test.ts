import { SecretKey, verify, Signature } from '@chainsafe/blst'
import { schnorr } from '@noble/curves/secp256k1.js'
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { decryptEIP2335Keystore, type Keystore } from 'micro-eth-signer/keystore.js'
import type { EdwardsPoint } from '../../groups/ed25519.ts'
import { encodeScalar, type Element } from '../../groups/group.ts'
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../integers/bytes.ts'
import { ProtocolAbort } from '../../failure.ts'
import { entry } from '../../protocols/members.ts'
import { systemRandom } from '../../random.ts'
import { combinePartials, partialSignature, type BlsKeyShare } from '../../schemes/bls.ts'
import { blsKeygen } from '../../schemes/blsSign.ts'
import { parseEddsaSaveData } from '../../schemes/eddsaSaveData.ts'
import { frostSign } from '../../schemes/frostSign.ts'
import type { GroupKeyShare } from '../../schemes/groupShare.ts'
import { shareKeystore } from '../../schemes/keystore.ts'
import { recoverGroupKey, signWithRecovered } from '../../schemes/recoverGroupKey.ts'
import { blsSuite, ed25519Suite, taprootSuite } from '../../schemes/suite.ts'
import { taprootOutputShare, xOnly } from '../../schemes/taproot.ts'
import type { PartyId } from '../../partyId.ts'
import { results, simulate } from '../simulate.ts'
import { schemeFixture } from './fixtures.ts'
import { blsKeygenSetting, frostSetting, newShares } from './settings.ts'

const message = new Uint8Array(utf8ToBytes('Pay 1 to Ana'))

async function webCryptoTakes(signature: Uint8Array, signed: Uint8Array, key: Uint8Array): Promise<boolean> {
  const imported = await crypto.subtle.importKey('raw', new Uint8Array(key), 'Ed25519', false, ['verify'])
  return crypto.subtle.verify('Ed25519', imported, new Uint8Array(signature), new Uint8Array(signed))
}

function refusedBecause(why: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof ProtocolAbort && error.failure.kind === 'refused' && why.test(error.failure.detail)
}

describe("a share of tss-lib's EdDSA", () => {
  const { saves, signings } = schemeFixture('tss-lib-eddsa') as {
    readonly saves: readonly string[]
    readonly signings: readonly { readonly message: string; readonly signature: string }[]
  }
  const shares = (): GroupKeyShare<EdwardsPoint>[] => saves.map((save) => parseEddsaSaveData(save, 2))

  it('signs by FROST, with the key that tss-lib signed with', async () => {
    const held = shares()
    const publicKey = entry(held, 0).publicKey.toBytes()
    for (const { message: signed, signature } of signings)
      assert.ok(await webCryptoTakes(hexToBytes(signature), hexToBytes(signed), publicKey))
    for (const pair of [held.slice(0, 2), held.slice(1)]) {
      const [made] = results(await simulate(frostSign<EdwardsPoint>, frostSetting(ed25519Suite, pair, message)))
      assert.ok(made && (await webCryptoTakes(made, message, publicKey)))
    }
  })

  it('may have party keys longer than the order, and an unreduced secret', () => {
    const { order } = ed25519Suite.group
    const [save = ''] = saves
    const longer = save
      .replace('"ShareID":1,', `"ShareID":${order + 1n},`)
      .replace('"Ks":[1,2,3]', `"Ks":[${order + 1n},2,3]`)
      .replace(/"Xi":(\d+)/, (_, x: string) => `"Xi":${BigInt(x) + order}`)
    assert.notEqual(longer, save)
    assert.deepEqual(parseEddsaSaveData(longer, 2).secret.reveal(), entry(shares(), 0).secret.reveal())
  })

  const [save = ''] = saves
  const wrong: [string, string, RegExp][] = [
    ['that is no JSON', '{', /near character/],
    ['of ECDSA', save.replaceAll('"Curve":"ed25519"', '"Curve":"secp256k1"'), /another curve/],
    ['off the curve', save.replace(/"Coords":\[(\d)/, '"Coords":[1$1'), /not on the curve/],
    ['with a secret of somebody else', save.replace(/"Xi":\d/, '"Xi":'), /belongs to its public share/],
    ['whose key is not among the keys', save.replace('"ShareID":1', '"ShareID":9'), /own key is among/],
    ['with a key twice', save.replace('"Ks":[1,2,3]', '"Ks":[1,2,2]'), /distinct/],
    ['with a point too few', save.replace('"Ks":[1,2,3]', '"Ks":[1,2,3,4]'), /no list of that length/],
  ]
  for (const [what, json, why] of wrong) {
    it(`${what} is refused, and its numbers are not told`, () => {
      assert.throws(() => parseEddsaSaveData(json, 2), refusedBecause(why))
      try {
        parseEddsaSaveData(json, 2)
      } catch (error) {
        assert.ok(!/\d{20}/.test(String(error)))
      }
    })
  }

  it('with another threshold than its key was made with is refused', () => {
    assert.throws(() => parseEddsaSaveData(save, 3), refusedBecause(/threshold/))
  })
})

describe('a recovered key', () => {
  function refuses<P extends Element<P>>(shares: readonly GroupKeyShare<P>[], others: readonly GroupKeyShare<P>[]) {
    assert.throws(() => recoverGroupKey([]), refusedBecause(/no share/))
    assert.throws(() => recoverGroupKey(shares.slice(0, 1)), refusedBecause(/2 shares are needed/))
    assert.throws(() => recoverGroupKey([entry(shares, 0), entry(shares, 0)]), refusedBecause(/twice/))
    assert.throws(() => recoverGroupKey([entry(shares, 0), entry(others, 1)]), refusedBecause(/one key/))
  }

  it('of Ed25519 signs what an ordinary verifier takes', async () => {
    const shares = await newShares(ed25519Suite, 2, 3)
    refuses(shares, await newShares({ ...ed25519Suite }, 2, 3))
    const publicKey = entry(shares, 0).publicKey.toBytes()
    for (const pair of [shares.slice(0, 2), shares.slice(1)]) {
      const key = recoverGroupKey(pair)
      const [one, two] = [0, 1].map(() => signWithRecovered(key, message, systemRandom))
      assert.ok(one && two && (await webCryptoTakes(one, message, publicKey)))
      assert.ok(await webCryptoTakes(two, message, publicKey))
      assert.notDeepEqual(one, two)
    }
  })

  it('of Taproot is the private key of the output', async () => {
    const shares = (await newShares(taprootSuite, 2, 3)).map((share) => taprootOutputShare(share))
    const key = encodeScalar(taprootSuite.group, recoverGroupKey(shares.slice(1)).reveal())
    assert.deepEqual(schnorr.getPublicKey(key), xOnly(entry(shares, 0).publicKey))
  })
})

describe('a share of a BLS key', () => {
  let shares: readonly BlsKeyShare[] = []
  before(async () => {
    shares = results(await simulate(blsKeygen, blsKeygenSetting({ kind: 'ethereum-validator', chainId: 1n }, 2, 2)))
  })

  it('recovers the key, with others of it', () => {
    const key = SecretKey.fromBytes(encodeScalar(blsSuite.group, recoverGroupKey(shares).reveal()))
    assert.equal(key.toPublicKey().toHex(), `0x${bytesToHex(entry(shares, 0).publicKey.toBytes(true))}`)
    const partials = shares.map((share, i) => {
      return [(i + 1) as PartyId, { key: BigInt(i + 1), bytes: partialSignature(share, message) }] as const
    })
    const signature = combinePartials(entry(shares, 0), message, new Map(partials))
    assert.deepEqual(new Uint8Array(key.sign(message).toBytes()), signature)
    assert.ok(verify(message, key.toPublicKey(), Signature.fromBytes(signature)))
  })

  it('leaves as a keystore that others open with its password', () => {
    const share = entry(shares, 1)
    const json = shareKeystore(share, 'correct horse 🔑', systemRandom)
    const keystore = JSON.parse(json) as Keystore<'scrypt'>
    assert.deepEqual([keystore.version, keystore.path, keystore.crypto.kdf.function], [4, '', 'scrypt'])
    assert.equal(keystore.pubkey, bytesToHex(entry(share.parties, 1).publicShare.toBytes(true)))
    const secret = decryptEIP2335Keystore(keystore, 'correct horse 🔑')
    assert.deepEqual(new Uint8Array(secret), encodeScalar(blsSuite.group, share.secret.reveal()))
    assert.throws(() => decryptEIP2335Keystore(keystore, 'wrong horse'), /password/)
    assert.throws(() => shareKeystore(share, '', systemRandom), RangeError)
  })

  it("is read from the EIP's own keystore and from those of the vectors, by the same code", () => {
    const { eip2335 } = schemeFixture('eip2333-2335') as {
      readonly eip2335: {
        readonly scryptVectorOfTheEip: Keystore<'scrypt'>
        readonly password: string
        readonly secret: string
        readonly sharesOfBls12381_3of5: { readonly password: string; readonly keystores: readonly Keystore<'pbkdf2'>[] }
      }
    }
    const { scryptVectorOfTheEip, password, secret, sharesOfBls12381_3of5: ours } = eip2335
    assert.equal(bytesToHex(decryptEIP2335Keystore(scryptVectorOfTheEip, password)), secret)
    const { keygen } = schemeFixture('bls12381-3of5') as {
      readonly keygen: { readonly shares: readonly { readonly secret: string }[] }
    }
    for (const [i, keystore] of ours.keystores.entries())
      assert.equal(bytesToHex(decryptEIP2335Keystore(keystore, ours.password)), keygen.shares[i]?.secret)
  })
})
