import type { PartyId } from '../partyId.ts'
import type { Channel, Incoming } from './channel.ts'
import type { Committee, Round } from './round.ts'

/**
 * The channels of one device in a run of two committees (RESHARING 2). A device in both is two parties with two mailboxes
 * over one line: who speaks follows from the round, since each has one committee that speaks in it. What one of the two
 * says to the other alone does not travel; what it says to everybody is put into the other's mailbox here.
 */
export interface Committees {
  /** The seats of the devices in each. */
  readonly old: readonly PartyId[]
  readonly new: readonly PartyId[]
}

/** Above all seats of a session, so that the party in the old committee has an id of its own. */
const above = 1000

/** The party that the device in this seat is in a committee. */
export function partyOf(seat: PartyId, committee: Committee): PartyId {
  return committee === 'new' ? seat : ((seat + above) as PartyId)
}

/** The seat of the device that this party is on: culprits are named by it. */
export function deviceOf(party: PartyId): PartyId {
  return party > above ? ((party - above) as PartyId) : party
}

/** All parties of the run. */
export function partiesOf(committees: Committees): Readonly<Record<Committee, readonly PartyId[]>> {
  const { old, new: fresh } = committees
  return { old: old.map((seat) => partyOf(seat, 'old')), new: fresh.map((seat) => partyOf(seat, 'new')) }
}

/**
 * @param line of the device, signed and encrypted by seat
 * @param rounds the table of contents
 * @returns one channel for each committee that the device is in
 */
export function committeeChannels(
  line: Channel,
  me: PartyId,
  committees: Committees,
  rounds: readonly Round[],
): ReadonlyMap<Committee, Channel> {
  const speakers = new Map(rounds.flatMap((round) => speakersOf(round)))
  const mine = (['old', 'new'] as const).filter((committee) => committees[committee].includes(me))
  const inboxes = new Map(mine.map((committee) => [committee, new Inbox()]))
  let reading: Promise<void> | undefined

  /** One message of the line, into every mailbox that it is for. */
  async function read(): Promise<void> {
    const message = await line.next()
    const committee = speakers.get(message.round)
    // Of no round that we know: whoever hears it first names its sender.
    const from = committee === undefined ? message.from : partyOf(message.from, committee.from)
    for (const [listener, inbox] of inboxes) {
      const isFor = message.to === 'everyone' || committee === undefined || committee.to === listener
      if (isFor) inbox.put({ ...message, from, to: message.to === 'everyone' ? 'everyone' : partyOf(me, listener) })
    }
  }

  /** What ends the line ends both channels, whoever waited for it. */
  function reads(): Promise<void> {
    const next = read().then(() => {
      reading = undefined
    })
    next.catch(() => undefined)
    return next
  }

  function channelOf(committee: Committee): Channel {
    const other = committee === 'old' ? 'new' : 'old'
    const self = partyOf(me, committee)
    return {
      async send(message) {
        const inside = inboxes.get(other)
        if (message.to === 'everyone') {
          await line.send(message)
          inside?.put({ ...message, from: self })
          return
        }
        if (deviceOf(message.to) === me) inside?.put({ ...message, from: self })
        else await line.send({ ...message, to: deviceOf(message.to) })
      },
      async next() {
        const inbox = inboxes.get(committee)
        if (inbox === undefined) throw new Error('the device is not in this committee')
        for (;;) {
          const message = inbox.take()
          if (message !== undefined) return message
          await Promise.race([(reading ??= reads()), inbox.arrival()])
        }
      },
      ...(line.proves && {
        proves: async (claim) => (await line.proves?.({ ...claim, from: deviceOf(claim.from) })) ?? false,
      }),
    }
  }
  return new Map(mine.map((committee) => [committee, channelOf(committee)]))
}

interface Speakers {
  readonly from: Committee
  readonly to: Committee | 'both'
}

/** Who speaks in a round and in its echo, which is among those who listened. */
function speakersOf({ name, route }: Round): [string, Speakers][] {
  if (route === undefined) throw new Error('a round of two committees has a route')
  const echo: [string, Speakers][] = route.to === 'both' ? [] : [[`${name}/echo`, { from: route.to, to: route.to }]]
  return [[name, route], ...echo]
}

class Inbox {
  readonly #messages: Incoming[] = []
  #arrival = Promise.withResolvers<undefined>()

  put(message: Incoming): void {
    this.#messages.push(message)
    this.#arrival.resolve(undefined)
  }

  take(): Incoming | undefined {
    return this.#messages.shift()
  }

  /** Resolves when something is put in after this was asked. */
  arrival(): Promise<undefined> {
    this.#arrival = Promise.withResolvers<undefined>()
    return this.#arrival.promise
  }
}
