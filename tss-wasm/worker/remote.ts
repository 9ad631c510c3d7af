import { ProtocolAbort, type Outcome } from '../failure.ts'
import type { Channel, Incoming, Outgoing } from '../round/channel.ts'

/**
 * comlink keeps of a thrown error its name, message and stack, so culprits would vanish between page and worker:
 * what may fail for a reason comes back as a value.
 */
export async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    if (error instanceof ProtocolAbort) return { ok: false, failure: error.failure }
    throw error
  }
}

export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  throw new ProtocolAbort(outcome.failure)
}

/** A channel as the worker sees it through comlink. */
export interface RemoteChannel {
  send(message: Outgoing): Promise<Outcome<void>>
  next(): Promise<Outcome<Incoming>>
}

export function toRemote(channel: Channel): RemoteChannel {
  return {
    send: (message) => outcomeOf(() => channel.send(message)),
    next: () => outcomeOf(() => channel.next()),
  }
}

export function fromRemote(remote: RemoteChannel): Channel {
  return {
    send: async (message) => {
      valueOf(await remote.send(message))
    },
    next: async () => valueOf(await remote.next()),
  }
}
