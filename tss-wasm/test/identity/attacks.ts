import { secured } from '../../identity/envelope.ts'
import { rosterHash, type Roster } from '../../identity/roster.ts'
import type { Channel, Outgoing } from '../../round/channel.ts'
import type { PartyId } from '../../partyId.ts'
import type { Network } from '../network.ts'
import { identityOf, type Company } from '../parties.ts'

/** What a router can do to one envelope on its way to one reader. `deliver` puts bytes into that reader's inbox. */
export type Trick = (envelope: Uint8Array, deliver: (changed: Uint8Array, to?: PartyId) => void, at: Scene) => void

export interface Scene {
  readonly reader: PartyId
  readonly others: readonly PartyId[]
  /** Envelopes that this reader got from this sender in an earlier run, by round. */
  readonly earlier: readonly Uint8Array[]
  /** Calls back when this sender's next envelope to this reader is on its way, before that one is delivered or after. */
  readonly afterNext: (work: () => void) => void
}

const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, i) => (i === (at + bytes.length) % bytes.length ? byte ^ 1 : byte))

/** Ends in a time-out that names whose message it was: the router may have made everything else up. */
export const stopping: Readonly<Record<string, Trick>> = {
  dropped: () => undefined,
  'with a changed body': (envelope, deliver) => {
    deliver(flipped(envelope, -1))
  },
  'with a changed sender': (envelope, deliver) => {
    deliver(flipped(envelope, 2))
  },
  'with a changed sequence number': (envelope, deliver) => {
    deliver(flipped(envelope, 8))
  },
  'with a changed round': (envelope, deliver) => {
    deliver(flipped(envelope, 12))
  },
  'of another version': (envelope, deliver) => {
    deliver(flipped(envelope, 0))
  },
  truncated: (envelope, deliver) => {
    deliver(envelope.subarray(0, envelope.length - 1))
  },
  empty: (_, deliver) => {
    deliver(new Uint8Array())
  },
  'after the one that follows it': (envelope, deliver, { afterNext }) => {
    afterNext(() => {
      deliver(envelope)
    })
  },
}

/** Changes nothing for anybody. */
export const harmless: Readonly<Record<string, Trick>> = {
  twice: (envelope, deliver) => {
    deliver(envelope)
    deliver(envelope)
  },
  'after nonsense': (envelope, deliver) => {
    deliver(new Uint8Array(300).fill(7))
    deliver(envelope)
  },
  'to others, too': (envelope, deliver, { others }) => {
    for (const other of others) deliver(envelope, other)
    deliver(envelope)
  },
  'after everything of an earlier run': (envelope, deliver, { earlier }) => {
    for (const old of earlier) deliver(old)
    deliver(envelope)
  },
  'after a forgery': (envelope, deliver) => {
    deliver(flipped(envelope, -1))
    deliver(envelope)
  },
}

export interface Attack {
  readonly company: Company
  readonly sender: PartyId
  readonly round: string
  readonly trick: Trick
  /** By reader: what an earlier run of the same parties carried. */
  readonly earlier?: ReadonlyMap<PartyId, readonly Uint8Array[]>
}

/** The secured channel of one party, over a router that plays its trick on one sender's envelopes of one round. */
export function attacked(channel: Channel, me: PartyId, network: Network, attack: Attack): Channel {
  const { company, sender, round, trick, earlier } = attack
  const ids = [...company.identities.keys()]
  const waiting = new Map<PartyId, (() => void)[]>()
  const send = (message: Outgoing): Promise<void> => {
    for (const reader of message.to === 'everyone' ? ids : [message.to]) {
      if (reader === me) continue
      const deliver = (body: Uint8Array, to = reader): void => {
        network.deliver(to, { ...message, from: me, body })
      }
      if (message.round === round && me === sender) {
        trick(message.body, deliver, {
          reader,
          others: ids.filter((id) => id !== me && id !== reader),
          earlier: earlier?.get(reader) ?? [],
          afterNext(work) {
            waiting.set(reader, [...(waiting.get(reader) ?? []), work])
          },
        })
        continue
      }
      deliver(message.body)
      for (const work of waiting.get(reader) ?? []) work()
      waiting.delete(reader)
    }
    return Promise.resolve()
  }
  return secured({ ...channel, send }, { identity: identityOf(company, me), roster: company.roster, me })
}

/** An honest party's secured channel, writing down every envelope that it sends, for whom. */
export function overheard(
  channel: Channel,
  me: PartyId,
  company: Company,
  heard: (to: PartyId | 'everyone', envelope: Uint8Array, round: string) => void,
): Channel {
  const below: Channel = {
    ...channel,
    send: async (message) => {
      heard(message.to, message.body, message.round)
      await channel.send(message)
    },
  }
  return secured(below, { identity: identityOf(company, me), roster: company.roster, me })
}

interface Equivocation {
  readonly company: Company
  readonly round: string
  readonly victim: PartyId
  /** What the victim is told instead; otherwise the last bit differs. */
  readonly lie?: (body: Uint8Array) => Uint8Array
}
const flipOfLast = (body: Uint8Array): Uint8Array => flipped(body, -1)

/** Bytes that no codec reads. */
export const noise = (): Uint8Array => new Uint8Array(50).fill(7)

/**
 * A party that tells one reader something else than the others in one broadcast, and signs both stories: two channels of
 * one identity, with the same sequence numbers.
 */
export function equivocating(
  channel: Channel,
  me: PartyId,
  network: Network,
  { company, round, victim, lie: change = flipOfLast }: Equivocation,
): Channel {
  const story = (keep: (to: PartyId) => boolean) =>
    secured(
      {
        ...channel,
        send: (message) => {
          for (const { seat } of company.roster.seats) {
            const isReader = message.to === 'everyone' ? seat !== me : seat === message.to
            if (isReader && keep(seat)) network.deliver(seat, { ...message, from: me })
          }
          return Promise.resolve()
        },
      },
      { identity: identityOf(company, me), roster: company.roster, me },
    )
  const truth = story((to) => to !== victim)
  const lie = story((to) => to === victim)
  return {
    ...truth,
    async send(message) {
      await truth.send(message)
      const isTurn = message.round === round
      await lie.send(isTurn ? { ...message, body: change(message.body) } : message)
    },
  }
}

/** The same parties in another run. */
export function anotherRun(company: Company): Company {
  const roster: Roster = { ...company.roster, run: rosterHash(company.roster).slice(0, 16) }
  return { ...company, roster }
}
