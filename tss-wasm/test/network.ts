import type { ProtocolAbort } from '../failure.ts'
import type { Channel, Incoming, Outgoing } from '../round/channel.ts'
import type { PartyId } from '../partyId.ts'
import type { Clock } from '../round/clock.ts'

/** The parties 1 to n. */
export function seats(n: number): PartyId[] {
  return Array.from({ length: n }, (_, i) => (i + 1) as PartyId)
}

/** A network in memory: what one sends, the others get, in order of sending. Honest, instant, and it can be cut. */
export class Network {
  readonly #queues = new Map<PartyId, Queue>()

  constructor(parties: readonly PartyId[]) {
    for (const party of parties) this.#queues.set(party, new Queue())
  }

  channel(me: PartyId): Channel {
    const mine = this.#queues.get(me)
    if (mine === undefined) throw new Error(`party ${me} is not on this network`)
    return {
      send: async (message) => {
        for (const party of message.to === 'everyone' ? this.#queues.keys() : [message.to]) {
          if (party !== me) this.deliver(party, { ...message, from: me })
        }
        return Promise.resolve()
      },
      next: () => mine.next(),
    }
  }

  /** Anything the router could put into a party's inbox, true or not. */
  deliver(to: PartyId, message: Incoming): void {
    this.#queues.get(to)?.push(message)
  }

  /** The session ends for everybody. */
  cut(reason: ProtocolAbort): void {
    for (const queue of this.#queues.values()) queue.end(reason)
  }
}

class Queue {
  readonly #messages: Incoming[] = []
  readonly #waiting: PromiseWithResolvers<Incoming>[] = []
  #ended: ProtocolAbort | undefined

  push(message: Incoming): void {
    const waiter = this.#waiting.shift()
    if (waiter === undefined) this.#messages.push(message)
    else waiter.resolve(message)
  }

  next(): Promise<Incoming> {
    const message = this.#messages.shift()
    if (message !== undefined) return Promise.resolve(message)
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    const waiter = Promise.withResolvers<Incoming>()
    this.#waiting.push(waiter)
    return waiter.promise
  }

  end(reason: ProtocolAbort): void {
    this.#ended = reason
    for (const waiter of this.#waiting.splice(0)) waiter.reject(reason)
  }
}

/** Writes down what its party sends. */
export function recorded(channel: Channel, log: Outgoing[]): Channel {
  return sending(channel, (message) => {
    log.push(message)
    return [message]
  })
}

/** Its party's messages of one round are changed: into one other, several, or none. */
export function tampering(channel: Channel, round: string, change: (message: Outgoing) => Outgoing[]): Channel {
  return sending(channel, (message) => (message.round === round ? change(message) : [message]))
}

/** Its party says nothing in this round, or nothing at all. */
export function silent(channel: Channel, round?: string): Channel {
  return sending(channel, (message) => (round === undefined || message.round === round ? [] : [message]))
}

/** Its party's messages leave only after `until`. */
export function delayed(channel: Channel, until: Promise<unknown>): Channel {
  return { ...channel, send: async (message) => until.then(() => channel.send(message)) }
}

function sending(channel: Channel, change: (message: Outgoing) => Outgoing[]): Channel {
  const send = async (message: Outgoing): Promise<void> => {
    for (const changed of change(message)) await channel.send(changed)
  }
  return { ...channel, send }
}

/** Time that passes only when told to. */
export class ManualClock implements Clock {
  #time = 0
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>()

  now(): number {
    return this.#time
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.#time + milliseconds, callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  async pass(milliseconds: number): Promise<void> {
    await settled()
    this.#time += milliseconds
    for (const timer of [...this.#timers].filter(({ at }) => at <= this.#time)) {
      this.#timers.delete(timer)
      timer.callback()
    }
    await settled()
  }
}

/** Once everything that can happen without new input has happened. */
async function settled(): Promise<void> {
  for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setImmediate(resolve))
}
