import { sha256 } from '@noble/hashes/sha2.js'
import type { ProtocolCheck } from '../checks.ts'
import type { RandomSource } from '../random.ts'
import type { PartyId } from '../partyId.ts'
import { echoOf } from '../round/echo.ts'
import type { Broadcast, Mailbox, Private, Round } from '../round/mailbox.ts'

/**
 * A cheater runs the honest protocol with a dishonest mailbox: what it says is changed before it is encoded, so that it
 * stands by it when the others compare. (Cheating below that, with bytes and addresses, is a `Channel` in network.ts.)
 */
export type Cheat = (honest: Mailbox) => Mailbox

/** One party cheats; everybody who listens to it is to say so. */
export interface Cheating<Input> {
  readonly name: string
  readonly check: ProtocolCheck
  readonly cheat?: Cheat
  /** What the cheater runs with instead. */
  readonly input?: (honest: Input) => Input
  readonly random?: RandomSource
  /** Whom an honest party names; the cheater, if nothing is said here. */
  readonly culprits?: (observer: PartyId) => readonly PartyId[]
}

/** Says something else than it should. */
export function altered<T>(round: Broadcast<T> | Private<T>, change: (said: T) => T): Cheat {
  const changed = <M>(current: Round, message: M): M =>
    current.name === round.name ? (change(message as unknown as T) as unknown as M) : message
  return (honest) => ({
    ...honest,
    broadcast: (current, message) => honest.broadcast(current, changed(current, message)),
    sendTo: (peer, current, message) => honest.sendTo(peer, current, changed(current, message)),
    collect: (current) => honest.collect(current),
  })
}

/** Computes with something else than it was told by one of the others. */
export function mishearing<T>(round: Broadcast<T>, change: (said: T) => T): Cheat {
  return (honest) => ({
    ...honest,
    async collect<M>(current: Broadcast<M> | Private<M>) {
      const heard = await honest.collect(current)
      if (current.name !== round.name) return heard
      return new Map(
        [...heard].map(([id, said], i) => [id, i === 0 ? (change(said as unknown as T) as unknown as M) : said]),
      )
    },
  })
}

/** Waits until it has heard everybody else, then says what suits it, in an echoed round. */
export function rushing<T>({ kind, name, codec }: Broadcast<T>, answer: (theirs: readonly T[]) => T): Cheat {
  const alone: Broadcast<T> = { kind, name, codec }
  const heldOf = <M>(round: Broadcast<M>, heard: ReadonlyMap<PartyId, M>) =>
    [...heard].map(([from, said]) => ({
      from,
      digest: sha256(round.codec.encode(said)),
      evidence: new Uint8Array(),
    }))
  return (honest) => {
    /** Broadcasts since the last echo: the next one covers them, too. */
    let riding: ReturnType<typeof heldOf>[] = []
    return {
      ...honest,
      broadcast: (current, message) => (current.name === name ? Promise.resolve() : honest.broadcast(current, message)),
      async collect<M>(current: Broadcast<M> | Private<M>) {
        if (current.name !== name) {
          const others = await honest.collect(current)
          if (current.kind === 'broadcast') riding = current.echoed ? [] : [...riding, heldOf(current, others)]
          return others
        }
        const heard = await honest.collect(alone)
        await honest.broadcast(alone, answer([...heard.values()]))
        const lists = [...riding, heldOf(alone, heard)]
        await honest.broadcast(echoOf(alone, lists.length), lists)
        return heard as ReadonlyMap<PartyId, unknown> as ReadonlyMap<PartyId, M>
      },
    }
  }
}

export function together(...cheats: readonly Cheat[]): Cheat {
  return (honest) => cheats.reduce((mailbox, cheat) => cheat(mailbox), honest)
}

/** Draws as `random` does, but its `nth` draw (from 0) is chosen. */
export function choosing(random: RandomSource, nth: number, chosen: Uint8Array<ArrayBuffer>): RandomSource {
  let draws = 0
  return (length) => {
    const drawn = random(length)
    draws += 1
    return draws === nth + 1 ? new Uint8Array(chosen) : drawn
  }
}
