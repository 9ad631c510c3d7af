import type { PartyId } from '../partyId.ts'
import type { Channel, Incoming } from './channel.ts'

/**
 * The channels of one device that sits in both committees, and so is two parties of one run (RESHARING 2). What one of
 * them says to the other alone does not travel; what they say to everybody does, and comes back signed, as to the others.
 */
export function onOneDevice(channels: ReadonlyMap<PartyId, Channel>): ReadonlyMap<PartyId, Channel> {
  const inboxes = new Map([...channels].map(([id, channel]) => [id, new Inbox(channel)]))
  return new Map(
    [...channels].map(([id, channel]) => [
      id,
      {
        ...channel,
        async send(message) {
          const own = message.to === 'everyone' ? undefined : inboxes.get(message.to)
          if (own === undefined) return channel.send(message)
          own.put({ ...message, from: id })
        },
        next: () => inboxes.get(id)?.next() ?? channel.next(),
      },
    ]),
  )
}

/** What comes from outside and what comes from the other party on this device, in one line. */
class Inbox {
  readonly #outside: Channel
  readonly #inside: Incoming[] = []
  #coming: Promise<Incoming> | undefined
  #arrival = Promise.withResolvers<undefined>()

  constructor(outside: Channel) {
    this.#outside = outside
  }

  put(message: Incoming): void {
    this.#inside.push(message)
    this.#arrival.resolve(undefined)
  }

  async next(): Promise<Incoming> {
    for (;;) {
      const inside = this.#inside.shift()
      if (inside !== undefined) return inside
      this.#arrival = Promise.withResolvers<undefined>()
      this.#coming ??= this.#outside.next()
      const outside = await Promise.race([this.#coming, this.#arrival.promise])
      if (outside === undefined) continue
      this.#coming = undefined
      return outside
    }
  }
}
