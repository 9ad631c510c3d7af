import { readFileSync } from 'node:fs'
import type { PreParameters } from '../../crypto/types.ts'
import { bytesToInteger, concatBytes, hexToBytes, integerToFixedBytes } from '../../integers/bytes.ts'
import { parseIntegerJson } from '../../keyShare/integerJson.ts'
import type { KeyShare } from '../../keyShare/keyShare.ts'
import { parsePreParameters, readSaveData } from '../../keyShare/saveData.ts'
import type { RandomSource } from '../../random.ts'
import type { Incoming } from '../../round/channel.ts'
import type { PartyId } from '../../partyId.ts'
import type { Committee, Round } from '../../round/round.ts'
import { roundOfType } from '../roundOfType.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'
import { sharedArithmetic } from '../simulate.ts'
import { fixturePreParameters } from './fixtureShare.ts'

/** What fixtures/tss-lib-reshare/README.md describes. */
interface Recorded {
  readonly oldDegree: number
  readonly newDegree: number
  readonly parties: readonly RecordedParty[]
  readonly messages: readonly {
    readonly type: string
    readonly from: Place
    readonly to: readonly Place[]
    readonly isBroadcast: boolean
    readonly wire: string | { readonly head: string; readonly dln: string }
  }[]
}

interface Place {
  readonly committee: Committee
  readonly index: number
}

interface RecordedParty extends Place {
  readonly key: string
  readonly save?: string
  readonly result: string
  readonly preParameters?: number
  readonly polynomial?: readonly string[]
  readonly commitmentR?: string
}

export interface RecordedMessage extends Incoming {
  /** Who gets it: a broadcast, too, has a list in resharing. */
  readonly readers: readonly PartyId[]
}

export interface RecordedOld {
  readonly id: PartyId
  readonly share: KeyShare
  /** Draws that make our engine deal what was dealt. */
  readonly random: RandomSource
}

export interface RecordedNew {
  readonly id: PartyId
  readonly preParameters: PreParameters
  readonly result: KeyShare
}

/** One of the recorded resharings; old members have the seats 1 to m, new ones those behind. */
export interface RecordedReshare {
  readonly dealers: ReadonlyMap<PartyId, bigint>
  readonly receivers: ReadonlyMap<PartyId, bigint>
  readonly committees: Readonly<Record<Committee, readonly PartyId[]>>
  /** t' */
  readonly threshold: number
  readonly old: readonly RecordedOld[]
  readonly fresh: readonly RecordedNew[]
  readonly messages: readonly RecordedMessage[]
}

export const recordings = [
  'rotate-2of3',
  'replace-2of3',
  'grow-2of3-to-3of5',
  'shrink-3of5-to-2of3',
  'raise-2of3-to-3of3',
] as const

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/tss-lib-reshare/${name}.json`, import.meta.url), 'utf8'))
}

const dlnProofs = fixture('dln-proofs') as Readonly<Record<string, string>>
const preParameters = fixture('pre-parameters') as Readonly<Record<string, string>>
const base64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))

/** Sets 0 to 9 of real pre-parameters, which are slow to find. */
export async function recordedPreParameters(number: number): Promise<PreParameters> {
  if (number < 5) return fixturePreParameters(number)
  return parsePreParameters(preParameters[number] ?? '', {
    arithmetic: sharedArithmetic,
    random: seededRandom('checking'),
  })
}

/** randomScalar adds 1 to what it draws; the commitment's randomness is drawn last, as it is. */
function dealing({ polynomial = [], commitmentR = '' }: RecordedParty): RandomSource {
  const draws = [
    ...polynomial.slice(1).map((coefficient) => BigInt(`0x${coefficient}`) - 1n),
    bytesToInteger(hexToBytes(commitmentR.padStart(64, '0'))),
  ]
  return () => new Uint8Array(integerToFixedBytes(draws.shift() ?? 0n, 32))
}

export async function recordedReshare(name: (typeof recordings)[number]): Promise<RecordedReshare> {
  const recorded = fixture(name) as Recorded
  const oldCount = recorded.parties.filter(({ committee }) => committee === 'old').length
  const seatOf = ({ committee, index }: Place) => ((committee === 'old' ? 0 : oldCount) + index + 1) as PartyId
  const members = (committee: Committee) => recorded.parties.filter((party) => party.committee === committee)
  const keys = (committee: Committee) =>
    new Map(members(committee).map((party) => [seatOf(party), BigInt(`0x${party.key}`)] as const))
  const share = (json: string, degree: number) => readSaveData(parseIntegerJson(json), degree + 1)
  return {
    dealers: keys('old'),
    receivers: keys('new'),
    committees: { old: [...keys('old').keys()], new: [...keys('new').keys()] },
    threshold: recorded.newDegree + 1,
    old: await Promise.all(
      members('old').map(async (party) => ({
        id: seatOf(party),
        share: await share(party.save ?? '', recorded.oldDegree),
        random: dealing(party),
      })),
    ),
    fresh: await Promise.all(
      members('new').map(async (party) => ({
        id: seatOf(party),
        preParameters: await recordedPreParameters(party.preParameters ?? -1),
        result: await share(party.result, recorded.newDegree),
      })),
    ),
    messages: recorded.messages.map(({ type, from, to, isBroadcast, wire }) => ({
      from: seatOf(from),
      readers: to.map(seatOf),
      to: isBroadcast ? 'everyone' : seatOf(to[0] ?? from),
      round: roundOf(type).name,
      body: typeof wire === 'string' ? base64(wire) : concatBytes(base64(wire.head), base64(dlnProofs[wire.dln] ?? '')),
    })),
  }
}

function roundOf(type: string): Round {
  const round = roundOfType[type.slice(type.lastIndexOf('.') + 1)]
  if (round === undefined) throw new Error(`no round speaks ${type}`)
  return round
}
