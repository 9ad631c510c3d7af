import type { Arithmetic } from '../tss-wasm/integers/arithmetic.ts'
import { gathering } from '../tss-wasm/integers/gathering.ts'
import type { PreParameters } from '../tss-wasm/crypto/types.ts'
import type { KeyShare } from '../tss-wasm/keyShare/keyShare.ts'
import { keygen } from '../tss-wasm/protocols/keygen.ts'
import { keygenTable, reshareTable, signTable } from '../tss-wasm/protocols/messages.ts'
import { presign } from '../tss-wasm/protocols/presign.ts'
import type { PresignatureBatch } from '../tss-wasm/protocols/presignature.ts'
import { onlineTable, presignTable } from '../tss-wasm/protocols/presignMessages.ts'
import type { Protocol } from '../tss-wasm/protocols/protocol.ts'
import { reshareNew, reshareOld, type ReshareNewInput, type ReshareOldInput } from '../tss-wasm/protocols/reshare.ts'
import { signOnline } from '../tss-wasm/protocols/signOnline.ts'
import { sign } from '../tss-wasm/protocols/sign.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import type { Channel } from '../tss-wasm/round/channel.ts'
import { openMailbox, type Round } from '../tss-wasm/round/mailbox.ts'
import type { Committee } from '../tss-wasm/round/round.ts'
import { Network, seats } from '../tss-wasm/test/network.ts'

export interface CeremonyTimes {
  /** Milliseconds of one party: the whole ceremony in one thread, divided by the parties in it, as the peers are measured. */
  readonly keygenMs: number
  readonly signMs: number
  /** By the number of presignatures made at once. */
  readonly presigning: Readonly<Record<number, PresigningTimes>>
  /** Of one new member: t old members deal to as many new members as the key has, in one thread, divided by these. */
  readonly reshareMs: number
  /** Milliseconds of the measured keygen by stage, summed over the parties. */
  readonly keygenStages: Readonly<Record<string, number>>
  readonly signStages: Readonly<Record<string, number>>
  readonly presignStages: Readonly<Record<string, number>>
  readonly reshareStages: Readonly<Record<string, number>>
  /** Of one party, in envelopes without their headers; presigning and signing with it for one signature. */
  readonly traffic: Readonly<Record<Sending, Traffic>>
}

/** What one party has sent, where everybody does the same; what goes to all is counted once, as the router takes it. */
export interface Traffic {
  readonly bytes: number
  readonly messages: number
}

export type Sending = 'keygen' | 'sign' | 'presign' | 'sign online' | 'reshare'

/** For one signature: presigning, and what is left to do once the message is known. */
export interface PresigningTimes {
  readonly presignMs: number
  readonly onlineMs: number
}

/**
 * A key, a signature, presignatures in each of these batches and new shares of the key, every party in this thread. Each party has arithmetic of its own for each ceremony, as in the
 * app, where a worker makes one and ends: no table that another party or another ceremony built helps.
 */
export async function measureCeremony(
  threshold: number,
  preParameters: readonly PreParameters[],
  makeArithmetic: () => Arithmetic,
  batches: readonly number[] = [1],
): Promise<CeremonyTimes> {
  const everybody = seats(preParameters.length)
  const partyKeys = new Map(everybody.map((seat) => [seat, BigInt(seat)]))
  const keygenStages: Record<string, number> = {}
  const sent: Record<Sending, Sent> = {
    keygen: nothingSent(),
    sign: nothingSent(),
    presign: nothingSent(),
    'sign online': nothingSent(),
    reshare: nothingSent(),
  }
  const started = clock()
  const shares = await runAll(
    keygen,
    keygenTable,
    makeArithmetic,
    keygenStages,
    (seat) => {
      const own = preParameters[seat - 1]
      if (own === undefined) throw new Error(`no pre-parameters for seat ${seat}`)
      return { threshold, partyKeys, preParameters: own }
    },
    everybody,
    sent.keygen,
  )
  const keygenMs = (clock() - started) / everybody.length

  const signers = everybody.slice(0, threshold)
  const signStages: Record<string, number> = {}
  const signMs = await timedSigning(signers, shares, makeArithmetic, signStages, sent.sign)
  const presignStages: Record<string, number> = {}
  const presigning: Record<number, PresigningTimes> = {}
  for (const slots of batches) {
    const stages = slots === 1 ? presignStages : {}
    const counted = slots === 1 ? sent : { ...sent, presign: nothingSent(), 'sign online': nothingSent() }
    presigning[slots] = await timedPresigning(signers, shares, makeArithmetic, slots, stages, counted)
  }
  const reshareStages: Record<string, number> = {}
  const reshareMs = await timedResharing(threshold, preParameters, shares, makeArithmetic, reshareStages, sent.reshare)
  return {
    ...{ keygenMs, signMs, presigning, reshareMs },
    ...{ keygenStages, signStages, presignStages, reshareStages },
    traffic: {
      keygen: each(sent.keygen, everybody.length),
      sign: each(sent.sign, threshold),
      presign: each(sent.presign, threshold),
      'sign online': each(sent['sign online'], threshold),
      // Dealers and receivers together, for each receiver, as the time is.
      reshare: each(sent.reshare, everybody.length),
    },
  }
}

/** Milliseconds of one party and for one signature: until presignatures are there, and then until signatures are. */
async function timedPresigning(
  signers: readonly PartyId[],
  shares: ReadonlyMap<PartyId, KeyShare>,
  makeArithmetic: () => Arithmetic,
  slots: number,
  stages: Record<string, number>,
  sent: Readonly<Record<'presign' | 'sign online', Sent>>,
): Promise<PresigningTimes> {
  const keys = new Map(signers.map((seat) => [seat, BigInt(seat)]))
  const run = systemRandom(32)
  const presignInput = (seat: PartyId) => ({ share: of(shares, seat), signers: keys, run, slots })
  const started = clock()
  const table = presignTable(signers.length, slots)
  const batches = await runAll(presign, table, makeArithmetic, stages, presignInput, signers, sent.presign)
  const presigned = clock()
  const messages = Array.from({ length: slots }, () => ({ digest: systemRandom(32), origin: 'content' as const }))
  const onlineInput = (seat: PartyId) => {
    const presignatures = of<PresignatureBatch>(batches, seat)
    return { presignatures, sid: presignatures.sid, first: 0, messages, signers: keys }
  }
  await runAll(signOnline, onlineTable(slots), makeArithmetic, {}, onlineInput, signers, sent['sign online'])
  const perSignature = signers.length * slots
  return {
    presignMs: (presigned - started) / perSignature,
    onlineMs: (clock() - presigned) / perSignature,
  }
}

function of<T>(all: ReadonlyMap<PartyId, T>, seat: PartyId): T {
  const found = all.get(seat)
  if (found === undefined) throw new Error(`nothing of seat ${seat}`)
  return found
}

/** With the pre-parameters of before, as tss-lib does it when it is given them: they are not measured here. */
async function timedResharing(
  threshold: number,
  preParameters: readonly PreParameters[],
  shares: ReadonlyMap<PartyId, KeyShare>,
  makeArithmetic: () => Arithmetic,
  stages: Record<string, number>,
  sent: Sent,
): Promise<number> {
  const old = seats(threshold)
  const fresh = preParameters.map((_, i) => (threshold + i + 1) as PartyId)
  const dealers = new Map(old.map((seat) => [seat, BigInt(seat)]))
  const receivers = new Map(fresh.map((seat) => [seat, 65536n + BigInt(seat)]))
  const handover = { dealers, receivers, threshold }
  const started = clock()
  await runAll<ReshareOldInput | ReshareNewInput, unknown>(
    (me, input) => ('keep' in input ? reshareNew(me, input) : reshareOld(me, input)),
    reshareTable,
    makeArithmetic,
    stages,
    (seat) => {
      const [share, own] = [shares.get(dealers.has(seat) ? seat : (1 as PartyId)), preParameters[seat - threshold - 1]]
      if (share === undefined) throw new Error(`no share for seat ${seat}`)
      if (own === undefined) return { ...handover, share }
      return { ...handover, before: share, preParameters: own, keep: () => Promise.resolve() }
    },
    [...old, ...fresh],
    sent,
    { old, new: fresh },
  )
  return (clock() - started) / fresh.length
}

async function timedSigning(
  signers: readonly PartyId[],
  shares: ReadonlyMap<PartyId, KeyShare>,
  makeArithmetic: () => Arithmetic,
  stages: Record<string, number>,
  sent: Sent,
): Promise<number> {
  const keys = new Map(signers.map((seat) => [seat, BigInt(seat)]))
  const digest = systemRandom(32)
  const started = clock()
  await runAll(
    sign,
    signTable,
    makeArithmetic,
    stages,
    (seat) => ({ share: of(shares, seat), signers: keys, digest }),
    signers,
    sent,
  )
  return (clock() - started) / signers.length
}

/** Milliseconds by which ceremonies are measured. */
let clock = (): number => performance.now()

/** From now on measures the processor time of this process instead of the time of day: others on the machine count for less. */
export function measureProcessorTime(): void {
  clock = () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  }
}

/** Of all parties of a run. */
interface Sent {
  bytes: number
  messages: number
}

function nothingSent(): Sent {
  return { bytes: 0, messages: 0 }
}

function each({ bytes, messages }: Sent, parties: number): Traffic {
  return { bytes: bytes / parties, messages: messages / parties }
}

async function runAll<Input, Output>(
  protocol: Protocol<Input, Output>,
  table: readonly Round[],
  makeArithmetic: () => Arithmetic,
  stages: Record<string, number>,
  inputOf: (seat: PartyId) => Input,
  parties: readonly PartyId[],
  sent: Sent,
  committees?: Readonly<Record<Committee, readonly PartyId[]>>,
): Promise<Map<PartyId, Output>> {
  const network = new Network(parties)
  const counted = (channel: Channel): Channel => ({
    next: () => channel.next(),
    send(message) {
      sent.messages += 1
      sent.bytes += message.body.length
      return channel.send(message)
    },
  })
  const run = async (id: PartyId): Promise<[PartyId, Output]> => {
    const peers = parties.filter((other) => other !== id)
    const options = { me: id, peers, rounds: table, deadlineMs: 600_000, ...(committees && { committees }) }
    const mail = openMailbox(counted(network.channel(id)), options)
    let [name, since] = ['', clock()]
    const stage = (next: string): void => {
      const now = clock()
      if (name !== '') stages[name] = (stages[name] ?? 0) + now - since
      ;[name, since] = [next, now]
    }
    const arithmetic = gathering(makeArithmetic())
    const output = await protocol({ id, peers, mail, arithmetic, random: systemRandom, stage }, inputOf(id))
    arithmetic.erase()
    stage('')
    return [id, output]
  }
  return new Map(await Promise.all(parties.map(run)))
}
