import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { sameBytes } from '../bytes.ts'
import { misbehaviour, ProtocolAbort } from '../failure.ts'
import type { Channel, Claim, Incoming } from './channel.ts'
import type { PartyId } from '../partyId.ts'
import { systemClock, type Clock } from './clock.ts'
import { carrying, coverage, differs, type Carrying, type Echo, echoOf, type Held } from './echo.ts'
import type { Broadcast, Codec, Committee, Private, Round } from './round.ts'

export type { Broadcast, Codec, Private, Round }

export interface Mailbox {
  broadcast<T>(round: Broadcast<T>, message: T): Promise<void>
  sendTo<T>(peer: PartyId, round: Private<T>, message: T): Promise<void>
  /**
   * One decoded message from every peer that speaks in this round. A second, different message or noise is misbehaviour and names the sender;
   * silence until the deadline is a time-out and names whom we wait for. Noise in a broadcast that an echo covers is named with
   * that echo; until then its sender's value is undefined, and no value of such a round is to be used before. Noise in a round
   * whose echo is carried is named here, after we have testified.
   */
  collect<T>(round: Broadcast<T> | Private<T>): Promise<ReadonlyMap<PartyId, T>>
  /**
   * Says what we hold of a collected round whose echo a later message was to carry, for whoever cannot go on to that message:
   * everybody else compares it as soon as it comes, and names who told two stories.
   */
  testify(round: Broadcast<unknown>): Promise<void>
  /**
   * Of a round that is echoed late, once it is collected: whether everybody was told the same.
   * @throws ProtocolAbort misbehaviour that names who told two stories, or made one up
   */
  compare(round: Broadcast<unknown>): Promise<void>
}

export interface OpenMailbox extends Mailbox {
  /**
   * SHA-256 over every party's broadcast of every round that we listen to, in the order of the table of contents and without
   * receipts: the same for all honest parties of a run, or of our committee. To be asked once every such round has been sent
   * and collected.
   */
  transcriptHash(): Uint8Array
}

export interface MailboxOptions {
  readonly me: PartyId
  readonly peers: readonly PartyId[]
  /** The protocol's table of contents; a message for any other round is misbehaviour. */
  readonly rounds: readonly Round[]
  /** Where rounds have routes: who belongs where. A party is in one of the two, a device may be two parties. */
  readonly committees?: Readonly<Record<Committee, readonly PartyId[]>>
  /** How long to wait since the last message that counted, in milliseconds. */
  readonly deadlineMs: number
  readonly clock?: Clock
  /** A message of the protocol counted; echoes are not told. */
  readonly onReceived?: (from: PartyId, round: string) => void
}

interface Received {
  readonly digest: Uint8Array
  readonly evidence: Uint8Array
  value: unknown
}

/**
 * What does not decode, until the echo. Whoever got it knows only what it was told itself: it must hear what the others hold
 * before it stops, or they would see nothing but its silence.
 */
const malformed = Symbol('malformed')

const nothing = new Uint8Array()

/** WIRE 2.4: early messages are kept, a round is over after n - 1 senders (not messages), nothing is overwritten. */
export function openMailbox(channel: Channel, options: MailboxOptions): OpenMailbox {
  const { me, peers, committees, deadlineMs, clock = systemClock, onReceived } = options
  const everybody = [me, ...peers]
  const rounds = new Map<string, Round>()
  const covered = coverage(options.rounds)
  /** Those of which an echo will say what the others hold. */
  const compared = new Set<string>()
  /** Those whose echo a later message carries, where there are others to compare with. */
  const carried = new Set<string>()
  for (const round of options.rounds) {
    rounds.set(round.name, round)
    if (round.kind === 'broadcast' && round.carries !== undefined && isHeardBySeveral(round.carries)) {
      const { carries } = round
      carried.add(carries.name)
      compared.add(carries.name)
      rounds.set(echoed(carries).name, echoed(carries))
    }
    if (!needsEcho(round)) continue
    rounds.set(echoed(round).name, echoed(round))
    for (const { name } of covered.get(round.name) ?? []) compared.add(name)
  }
  const received = new Map([...rounds.keys()].map((name) => [name, new Map<PartyId, Received>()]))
  const sent = new Map<string, Uint8Array>()
  const collected = new Set<string>()
  let lastApplied = 0
  let pulling: Promise<void> | undefined

  function inCommittee(committee: Committee | 'both' | undefined, party: PartyId): boolean {
    if (committee === undefined || committee === 'both') return true
    if (committees === undefined) throw new Error('a round with a route, in a run without committees')
    return committees[committee].includes(party)
  }

  function speaks({ route }: Round, party: PartyId): boolean {
    return inCommittee(route?.from, party)
  }

  function listens({ route }: Round, party: PartyId): boolean {
    return inCommittee(route?.to, party)
  }

  /** With two who listen to the same speaker: they must not be told different things. */
  function needsEcho(round: Round): round is Broadcast<unknown> {
    return round.kind === 'broadcast' && round.echoed !== undefined && isHeardBySeveral(round)
  }

  function isHeardBySeveral(round: Round): boolean {
    const listeners = everybody.filter((party) => listens(round, party))
    const speakers = everybody.filter((party) => speaks(round, party))
    return speakers.some((speaker) => listeners.filter((party) => party !== speaker).length > 1)
  }

  function inbox(round: Round): Map<PartyId, Received> {
    const senders = received.get(round.name)
    if (senders === undefined) throw new Error(`round ${round.name} is not in the table of contents`)
    return senders
  }

  function waitingFor(round: Round): PartyId[] {
    return peers.filter((peer) => speaks(round, peer) && !inbox(round).has(peer))
  }

  /** Takes in one message, for whichever round, or throws. */
  function apply({ from, to, round: name, body, evidence }: Incoming): void {
    if (from === me) throw misbehaviour([], 'message comes from another party')
    if (!peers.includes(from)) throw misbehaviour([from], 'sender takes part in this run')
    const round = rounds.get(name)
    if (round === undefined) throw misbehaviour([from], 'message belongs to a round of this protocol')
    if (round.kind !== (to === 'everyone' ? 'broadcast' : 'private')) {
      throw misbehaviour([from], `${round.kind} message is sent as such`, name)
    }
    if (!speaks(round, from)) throw misbehaviour([from], 'sender speaks in this round', name)
    const digest = sha256(body)
    const earlier = inbox(round).get(from)
    if (earlier !== undefined) {
      if (sameBytes(digest, earlier.digest)) return
      const claims = [earlier, { digest, evidence: evidence ?? nothing }].map((each) => ({
        from,
        round: name,
        ...each,
      }))
      throw misbehaviour([from], 'one message per sender', name, fileOf(claims))
    }
    // A broadcast for the other committee comes by, too: it shows that the run goes on, and is not read.
    const isForUs = listens(round, me)
    const value = isForUs ? decoded(round, body) : undefined
    if (value === malformed && !compared.has(name)) throw noise([from], round)
    inbox(round).set(from, { digest, evidence: evidence ?? nothing, value })
    lastApplied = clock.now()
    if (isForUs && options.rounds.includes(round)) onReceived?.(from, name)
  }

  function fileOf([one, other]: readonly Claim[]): Uint8Array | undefined {
    return one && other && channel.twoStories?.(one, other)
  }

  /** Whoever waits, for whichever round, waits for the same next message. */
  function pull(): Promise<void> {
    pulling ??= channel
      .next()
      .then(apply)
      .then(() => {
        pulling = undefined
      })
    return pulling
  }

  async function complete(round: Round): Promise<Map<PartyId, Received>> {
    const started = clock.now()
    while (waitingFor(round).length > 0) {
      const left = Math.max(started, lastApplied) + deadlineMs - clock.now()
      const late = await isLate(pull(), left)
      await heedTestimonies()
      if (late) {
        const waitedMs = Math.round(clock.now() - Math.max(started, lastApplied))
        if (waitedMs < deadlineMs) continue // another waiter's message moved it
        throw new ProtocolAbort({ kind: 'timed-out', waitingFor: waitingFor(round), round: round.name, waitedMs })
      }
    }
    await heedTestimonies()
    return inbox(round)
  }

  /** As soon as we hold what they are about. Where all fits, whoever testified is awaited like anybody who falls silent. */
  async function heedTestimonies(): Promise<void> {
    for (const name of carried) {
      const round = rounds.get(name)
      if (round?.kind !== 'broadcast' || !sent.has(name) || waitingFor(round).length > 0) continue
      const testimonies = [...inbox(echoed(round))].map(
        ([from, { value }]) => [from, (value as Echo)[0] ?? []] as const,
      )
      if (testimonies.length > 0) await compareRound(round, new Map(testimonies))
    }
  }

  async function testify(round: Broadcast<unknown>): Promise<void> {
    if (carried.has(round.name)) await broadcast(echoed(round), [heldOf(round)])
  }

  async function isLate(arrival: Promise<void>, milliseconds: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<true>()
    const cancel = clock.after(Math.max(0, milliseconds), () => {
      resolve(true)
    })
    try {
      return (await Promise.race([arrival, promise])) === true
    } finally {
      cancel()
    }
  }

  function echoed(round: Broadcast<unknown>): Broadcast<Echo> {
    return echoOf(round, covered.get(round.name)?.length)
  }

  /** What we hold of a round, from everybody else who speaks in it. */
  function heldOf(round: Round): Held[] {
    if (waitingFor(round).length > 0) throw new Error(`${round.name} is not complete`)
    const held = [...inbox(round)].map(([from, { digest, evidence }]) => ({ from, digest, evidence }))
    return held.sort((a, b) => a.from - b.from)
  }

  async function sendEcho(round: Broadcast<unknown>): Promise<void> {
    const all = covered.get(round.name) ?? []
    for (const each of all) ownBroadcast(each) // nobody echoes before it has spoken
    await broadcast(echoed(round), all.map(heldOf))
  }

  /** Holds against each other what there is of the echoes, also when one does not come: a liar does not escape by silence. */
  async function compareEchoes(round: Broadcast<unknown>): Promise<void> {
    const lateness = await complete(echoed(round)).then(() => undefined, timeOutIn)
    const echoes = inbox(echoed(round))
    const all = covered.get(round.name) ?? []
    for (const [i, each] of all.entries()) {
      await compareRound(each, new Map([...echoes].map(([from, { value }]) => [from, (value as Echo)[i] ?? []])))
    }
    for (const each of all) {
      const senders = malformedIn(each)
      if (senders.length > 0) throw noise(senders, each)
    }
    if (lateness !== undefined) throw lateness
  }

  function malformedIn(round: Round): PartyId[] {
    return peers.filter((peer) => inbox(round).get(peer)?.value === malformed)
  }

  /** Everybody's echoes of a round against what we sent and hold ourselves. */
  async function compareRound(round: Round, echoes: ReadonlyMap<PartyId, readonly Held[]>): Promise<void> {
    const own = ownBroadcast(round).map(([from, digest]) => ({ from, digest, evidence: nothing }))
    const all = new Map([...own, ...heldOf(round)].map((each: Held) => [each.from, each]))
    for (const [echoer, theirs] of echoes) {
      const abort = await differs(channel, round.name, echoer, theirs, all)
      if (abort !== undefined) throw abort
    }
  }

  /** The digest of what we said in this round, if we speak in it. */
  function ownBroadcast(round: Round): readonly (readonly [PartyId, Uint8Array])[] {
    if (!speaks(round, me)) return []
    const digest = sent.get(round.name)
    if (digest === undefined) throw new Error(`${round.name} is not complete`)
    return [[me, digest]]
  }

  /** Takes the echoes off the messages that brought them. */
  async function compareCarried(round: Round, messages: ReadonlyMap<PartyId, Received>): Promise<void> {
    const brought = [...messages]
      .filter(([, { value }]) => value !== malformed)
      .map(([from, received]) => [from, received, received.value as Carrying] as const)
    await compareRound(round, new Map(brought.map(([from, , { held }]) => [from, held])))
    for (const [, received, { message }] of brought) received.value = message
  }

  async function broadcast<T>(round: Broadcast<T>, message: T): Promise<void> {
    inbox(round)
    const { carries } = round
    const body =
      carries === undefined ? round.codec.encode(message) : carrying(round).encode({ held: heldOf(carries), message })
    if (sent.has(round.name)) throw new Error(`${round.name} was broadcast already`)
    sent.set(round.name, sha256(body))
    await channel.send({ to: 'everyone', round: round.name, body })
  }

  return {
    broadcast,
    async sendTo(peer, round, message) {
      inbox(round)
      if (!peers.includes(peer)) throw new Error(`party ${peer} is no peer in this run`)
      if (sent.has(`${round.name} to ${peer}`)) throw new Error(`${round.name} was sent to party ${peer} already`)
      sent.set(`${round.name} to ${peer}`, new Uint8Array())
      await channel.send({ to: peer, round: round.name, body: round.codec.encode(message) })
    },
    async collect<T>(round: Broadcast<T> | Private<T>) {
      const messages = await complete(round)
      if (needsEcho(round)) {
        await sendEcho(round)
        if (round.echoed === true || malformedIn(round).length > 0) await compareEchoes(round)
      }
      if (collected.has(round.name)) throw new Error(`${round.name} was collected already`)
      if (round.kind === 'broadcast' && round.carries !== undefined) await compareCarried(round.carries, messages)
      if (carried.has(round.name) && malformedIn(round).length > 0) {
        await testify(round as Broadcast<T>)
        throw noise(malformedIn(round), round)
      }
      collected.add(round.name)
      const speakers = peers.filter((peer) => speaks(round, peer))
      const values = new Map(speakers.map((peer) => [peer, usable(messages.get(peer)) as T]))
      // The digest stays, the secret goes; so does that there was none.
      for (const message of messages.values()) message.value = message.value === malformed ? malformed : undefined
      return values
    },
    testify,
    async compare(round) {
      if (!collected.has(round.name)) throw new Error(`${round.name} is not collected`)
      if (needsEcho(round)) await compareEchoes(round)
    },
    transcriptHash() {
      const parts = options.rounds
        .filter((round) => round.kind === 'broadcast' && round.isReceipt !== true && listens(round, me))
        .map((round) => {
          if (waitingFor(round).length > 0) throw new Error(`${round.name} is not complete`)
          const digests = [
            ...ownBroadcast(round),
            ...[...inbox(round)].map(([from, { digest }]) => [from, digest] as const),
          ]
          return concatBytes(
            sha256(utf8ToBytes(round.name)),
            ...digests.sort(([a], [b]) => a - b).map(([, digest]) => digest),
          )
        })
      return sha256(concatBytes(utf8ToBytes('quorate/transcript/1'), ...parts))
    },
  }
}

function usable(received: Received | undefined): unknown {
  return received?.value === malformed ? undefined : received?.value
}

function decoded(round: Round, body: Uint8Array): unknown {
  try {
    const carries = round.kind === 'broadcast' && round.carries !== undefined
    return carries ? carrying(round).decode(body) : round.codec.decode(body)
  } catch {
    return malformed
  }
}

function noise(from: readonly PartyId[], { name }: Round): ProtocolAbort {
  return misbehaviour(from, 'message is well formed', name)
}

/** @throws whatever is not a time-out */
function timeOutIn(error: unknown): ProtocolAbort {
  if (error instanceof ProtocolAbort && error.failure.kind === 'timed-out') return error
  throw error
}
