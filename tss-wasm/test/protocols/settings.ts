import { keygenTable, signTable } from '../../protocols/messages.ts'
import type { KeygenInput } from '../../protocols/keygen.ts'
import type { SignInput } from '../../protocols/sign.ts'
import type { PartyId } from '../../partyId.ts'
import { seats } from '../network.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'
import type { Setting } from '../simulate.ts'
import { fixturePreParameters, fixtureShare } from './fixtureShare.ts'

/** Keygen by n parties with tss-lib's own pre-parameters. */
export function keygenSetting(threshold: number, n: number): Setting<KeygenInput> {
  const partyKeys = new Map(seats(n).map((seat) => [seat, BigInt(seat)]))
  const inputs = seats(n).map((seat): [PartyId, KeygenInput] => [
    seat,
    { threshold, partyKeys, preParameters: fixturePreParameters(seat - 1) },
  ])
  return { table: keygenTable, inputs: new Map(inputs) }
}

/** Signing by the first three parties of tss-lib's own 3-of-5 key. */
export function signSetting(): Setting<SignInput> {
  const shares = [0, 1, 2].map(fixtureShare)
  const [wallet] = shares
  const signers = new Map(seats(3).map((seat) => [seat, wallet?.parties[seat - 1]?.key ?? 0n]))
  const digest = seededRandom('digest')(32)
  const inputs = shares.map((share, i): [PartyId, SignInput] => [(i + 1) as PartyId, { share, signers, digest }])
  return { table: signTable, inputs: new Map(inputs) }
}
