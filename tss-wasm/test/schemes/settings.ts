import type { Element, Scalars } from '../../groups/group.ts'
import { bytesToHex, integerToFixedBytes } from '../../integers/bytes.ts'
import { bitLength } from '../../integers/numberTheory.ts'
import type { RandomSource } from '../../random.ts'
import type { PartyId } from '../../partyId.ts'
import type { BlsKeyShare } from '../../schemes/bls.ts'
import type { BlsDomain } from '../../content/blsDomain.ts'
import type { BlsKeygenInput, BlsSignInput } from '../../schemes/blsSign.ts'
import type { FrostSignInput } from '../../schemes/frostSign.ts'
import { groupKeygen, type GroupKeygenInput } from '../../schemes/keygen.ts'
import type { GroupKeyShare } from '../../schemes/groupShare.ts'
import { blsSignRounds, frostRounds, keygenRounds } from '../../schemes/messages.ts'
import type { FrostSuite, KeySuite } from '../../schemes/suite.ts'
import { seats } from '../network.ts'
import { results, simulate, type Setting } from '../simulate.ts'
import { entry } from '../../protocols/members.ts'

/** Keygen by n parties whose keys are their seats. */
export function groupKeygenSetting<P extends Element<P>>(
  suite: KeySuite<P>,
  threshold: number,
  n: number,
): Setting<GroupKeygenInput<P>> {
  const partyKeys = new Map(seats(n).map((seat) => [seat, BigInt(seat)]))
  const inputs = seats(n).map((seat): [PartyId, GroupKeygenInput<P>] => [seat, { suite, threshold, partyKeys }])
  return { table: Object.values(keygenRounds[suite.scheme]), inputs: new Map(inputs) }
}

/** Everybody's share of a new key, in the order of the seats. */
export async function newShares<P extends Element<P>>(
  suite: KeySuite<P>,
  threshold: number,
  n: number,
): Promise<readonly GroupKeyShare<P>[]> {
  return results(await simulate(groupKeygen<P>, groupKeygenSetting(suite, threshold, n)))
}

/** Draws these bytes, one after the other, and nothing else. */
export function scripted(...draws: readonly Uint8Array[]): RandomSource {
  const left = [...draws]
  return (length) => {
    const next = left.shift()
    if (next?.length !== length) throw new Error(`nothing of ${length} bytes was to be drawn here`)
    return new Uint8Array(next)
  }
}

/** The bytes from which `drawScalar` makes this scalar. */
export function drawingOf({ order }: Scalars, scalar: bigint): Uint8Array<ArrayBuffer> {
  return integerToFixedBytes((scalar - 1n) << BigInt(256 - bitLength(order - 2n)), 32)
}

export const hexOf = (element: { toBytes(): Uint8Array }): string => bytesToHex(element.toBytes())

/** Signing by the holders of these shares, each in the seat of its party key. */
export function frostSetting<P extends Element<P>>(
  suite: FrostSuite<P>,
  shares: readonly GroupKeyShare<P>[],
  message: Uint8Array,
): Setting<FrostSignInput<P>> {
  const signers = signersOf(shares)
  const inputs = shares.map((share, i): [PartyId, FrostSignInput<P>] => [
    entry([...signers.keys()], i),
    { suite, share, signers, message },
  ])
  return { table: Object.values(frostRounds[suite.scheme]), inputs: new Map(inputs) }
}

/** The same for BLS. */
export function blsSetting(shares: readonly BlsKeyShare[], message: Uint8Array): Setting<BlsSignInput> {
  const signers = signersOf(shares)
  const inputs = shares.map((share, i): [PartyId, BlsSignInput] => [
    entry([...signers.keys()], i),
    { share, signers, message },
  ])
  return { table: Object.values(blsSignRounds), inputs: new Map(inputs) }
}

export function blsKeygenSetting(domain: BlsDomain, threshold: number, n: number): Setting<BlsKeygenInput> {
  const partyKeys = new Map(seats(n).map((seat) => [seat, BigInt(seat)]))
  const inputs = seats(n).map((seat): [PartyId, BlsKeygenInput] => [seat, { threshold, partyKeys, domain }])
  return { table: Object.values(keygenRounds.bls12381), inputs: new Map(inputs) }
}

function signersOf(
  shares: readonly { readonly index: number; readonly parties: readonly { readonly key: bigint }[] }[],
): Map<PartyId, bigint> {
  return new Map(shares.map(({ index, parties }) => [(index + 1) as PartyId, parties[index]?.key ?? 0n]))
}
