import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { coordinates, type Point } from '../../curve/point.ts'
import { bytesToHex, bytesToInteger, concatBytes } from '../../integers/bytes.ts'
import type { KeyShare } from '../../keyShare/keyShare.ts'
import { parseSaveData, writePreParameters, writeSaveData } from '../../keyShare/saveData.ts'
import { deriveChild, type ChildKey } from '../../curve/derivation.ts'
import { keygen, type KeygenInput } from '../../protocols/keygen.ts'
import { keygenTable, signTable } from '../../protocols/messages.ts'
import { entry } from '../../protocols/members.ts'
import type { Party } from '../../protocols/protocol.ts'
import { sign, type SignInput } from '../../protocols/sign.ts'
import { digestToScalar, verifies, type EcdsaSignature } from '../../protocols/signature.ts'
import type { PartyId } from '../../partyId.ts'
import { seats } from '../network.ts'
import { fixturePreParameters, fixtureShare } from '../protocols/fixtureShare.ts'
import { oldShares, reshare, reshareSetting, type ReshareInput } from '../protocols/reshareSetting.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'
import { results, sharedArithmetic, simulate, type Setting } from '../simulate.ts'
import { buildGoParty, runGoParty, runGoReshare } from './goParty.ts'

// interop/ has tss-lib in sessions over the network in every run; this has more mixes, in memory.
const isDeep = process.env['DEEP'] === '1'
const program = isDeep ? (buildGoParty() ?? '') : ''
const options = { skip: program === '' && (isDeep ? 'Go is not installed' : 'part of npm run test:deep') }

const degree = (threshold: number): string => String(threshold - 1)
const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const checking = { arithmetic: sharedArithmetic, random: seededRandom('checking') }

/** Runs keygen, some of the parties being tss-lib, whose save data is then read back with every check. */
async function keygenWith(go: readonly number[], threshold: number, keys: readonly bigint[]): Promise<KeyShare[]> {
  const partyKeys = new Map(keys.map((key, i) => [(i + 1) as PartyId, key]))
  const inputs = keys.map((_, i): [PartyId, KeygenInput] => [
    (i + 1) as PartyId,
    { threshold, partyKeys, preParameters: fixturePreParameters(i) },
  ])
  const mixed = async (me: Party, input: KeygenInput): Promise<KeyShare> => {
    if (!go.includes(me.id)) return keygen(me, input)
    const prepared = utf8(writeSaveData(fixtureShare(me.id - 1)))
    const fields = { Kind: '"keygen"', Degree: degree(threshold), Share: prepared }
    const { text } = await runGoParty(program, me, { table: keygenTable, partyKeys, fields })
    return parseSaveData(text.slice('{"Share":'.length, -1), threshold, checking)
  }
  return results(await simulate(mixed, { table: keygenTable, inputs: new Map(inputs) }))
}

/** Hands a key over, some of the parties being tss-lib. @returns the new shares, Go's read back with every check */
async function reshareWith(go: readonly number[], setting: Setting<ReshareInput>): Promise<KeyShare[]> {
  const mixed = async (me: Party, input: ReshareInput): Promise<KeyShare | undefined> => {
    if (!go.includes(me.id)) return reshare(me, input)
    const { dealers, receivers, threshold } = 'old' in input ? input.old : input.fresh
    const before = 'old' in input ? input.old.share : input.fresh.before
    const share = 'old' in input ? writeSaveData(input.old.share) : writePreParameters(input.fresh.preParameters)
    const fields = { Degree: degree(before.threshold), NewDegree: degree(threshold), Share: utf8(share) }
    const { text } = await runGoReshare(program, me, { dealers, receivers, fields })
    if ('old' in input) return undefined
    return parseSaveData(text.slice('{"Share":'.length, -1), threshold, checking)
  }
  return results(await simulate(mixed, setting)).filter((share) => share !== undefined)
}

/** Signs, some of the parties being tss-lib. */
async function signWith(
  go: readonly number[],
  shares: ReadonlyMap<PartyId, KeyShare>,
  digest: Uint8Array,
  child?: ChildKey,
): Promise<EcdsaSignature[]> {
  const signers = new Map([...shares].map(([id, { parties, index }]) => [id, parties[index]?.key ?? 0n]))
  const tweak = child === undefined ? {} : { tweak: child.tweak }
  const inputs = [...shares].map(([id, share]): [PartyId, SignInput] => [id, { share, signers, digest, ...tweak }])
  const mixed = async (me: Party, input: SignInput): Promise<EcdsaSignature> => {
    if (!go.includes(me.id)) return sign(me, input)
    const fields = {
      Kind: '"sign"',
      Degree: degree(input.share.threshold),
      Share: utf8(writeSaveData(input.share)),
      Message: `"${digestToScalar(digest)}"`,
      ...(child && { Tweak: `"${child.tweak}"`, Child: JSON.stringify(coordinates(child.publicKey).map(String)) }),
    }
    const { Signature = '' } = await runGoParty(program, me, { table: signTable, partyKeys: signers, fields })
    const bytes = Uint8Array.from(Buffer.from(Signature, 'hex'))
    const [r, s] = [bytesToInteger(bytes.subarray(0, 32)), bytesToInteger(bytes.subarray(32, 64))]
    return { r, s, recovery: bytes[64] ?? -1 }
  }
  return results(await simulate(mixed, { table: signTable, inputs: new Map(inputs) }))
}

function assertOneSignature(signatures: readonly EcdsaSignature[], digest: Uint8Array, publicKey: Point): void {
  for (const signature of signatures) assert.deepEqual(signature, signatures[0])
  assert.ok(signatures[0] && verifies(signatures[0], digest, publicKey))
}

function pick(shares: readonly KeyShare[], ...indexes: readonly number[]): Map<PartyId, KeyShare> {
  return new Map(indexes.map((i) => [(i + 1) as PartyId, entry(shares, i)]))
}

describe('with tss-lib v2 as a peer', options, () => {
  const digest = concatBytes(new Uint8Array(3), seededRandom('digest')(29))
  const cases: [string, number, number[], bigint[]][] = [
    ['2 of 2, half of it tss-lib', 2, [2], [1n, 2n]],
    ['2 of 3, two of them tss-lib, with keys of any length', 2, [1, 3], [300n, 1n << 200n, 1n << 280n]],
  ]
  for (const [name, threshold, go, keys] of cases) {
    it(`keygen, ${name}, and signing with it`, async () => {
      const shares = await keygenWith(go, threshold, keys)
      const [{ publicKey, parties }] = shares as [KeyShare]
      for (const share of shares) {
        assert.deepEqual(publicPart(share), publicPart({ parties, publicKey }))
      }
      const indexes = seats(keys.length).map((seat) => seat - 1)
      assertOneSignature(await signWith(go, pick(shares, ...indexes.slice(0, threshold)), digest), digest, publicKey)
      assertOneSignature(await signWith(go, pick(shares, ...indexes.slice(-threshold)), digest), digest, publicKey)
    })
  }

  it('signing with its own fixtures, 5 of them, and with the wallet kept by the other side', async () => {
    const shares = seats(5).map((seat) => fixtureShare(seat - 1))
    const [{ publicKey }] = shares as [KeyShare]
    assertOneSignature(await signWith([2, 5], pick(shares, 0, 1, 2, 3, 4), digest), digest, publicKey)
    assertOneSignature(await signWith([1, 3], pick(shares, 0, 2, 3), digest), digest, publicKey)
  })

  const [first, , third] = oldShares as [KeyShare, KeyShare, KeyShare]
  const handovers: [string, number[], Setting<ReshareInput>][] = [
    ['its old members to our new ones', [1, 2], reshareSetting([first, third], 2, 3)],
    ['our old members to its new ones', [3, 4, 5], reshareSetting([first, third], 2, 3)],
    ['mixed on both sides, all old members, to 3 of 5', [1, 3, 5, 7, 8], reshareSetting(oldShares, 3, 5)],
    ['mixed, 3 of 5 to 2 of 2', [2, 5], reshareSetting([0, 1, 4].map(fixtureShare), 2, 2)],
  ]
  for (const [name, go, setting] of handovers) {
    it(`resharing, ${name}; any of the new members sign, whoever made their shares`, async () => {
      const shares = await reshareWith(go, setting)
      const [{ publicKey, parties, threshold }] = shares as [KeyShare]
      const [input] = setting.inputs.values()
      assert.ok(input && 'old' in input && publicKey.equals(input.old.share.publicKey))
      for (const share of shares) assert.deepEqual(publicPart(share), publicPart({ parties, publicKey }))
      const last = shares.map((_, i) => i).slice(-threshold)
      assertOneSignature(await signWith([], pick(shares, ...last), digest), digest, publicKey)
      assertOneSignature(await signWith([1], pick(shares, ...last.keys()), digest), digest, publicKey)
    })
  }

  it('signing with a child key', async () => {
    const shares = seats(3).map((seat) => fixtureShare(seat - 1))
    const [{ publicKey }] = shares as [KeyShare]
    const child = deriveChild(publicKey, new Uint8Array(32).fill(9), [44, 0, 7])
    assertOneSignature(await signWith([2], pick(shares, 0, 1, 2), digest, child), digest, child.publicKey)
  })
})

function publicPart({ parties, publicKey }: Pick<KeyShare, 'parties' | 'publicKey'>): unknown {
  return [
    bytesToHex(publicKey.toBytes()),
    parties.map(({ publicShare, ...rest }) => ({ ...rest, X: bytesToHex(publicShare.toBytes()) })),
  ]
}
