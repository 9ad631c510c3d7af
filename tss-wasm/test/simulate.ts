import { ProtocolAbort, type Outcome } from '../failure.ts'
import { loadKernel } from '../integers/load.node.ts'
import { wasmArithmetic } from '../integers/wasm.ts'
import type { Protocol } from '../protocols/protocol.ts'
import type { RandomSource } from '../random.ts'
import type { Channel } from '../round/channel.ts'
import type { PartyId } from '../partyId.ts'
import { openMailbox, type Mailbox, type OpenMailbox, type Round } from '../round/mailbox.ts'
import type { Committee } from '../round/round.ts'
import { ManualClock, Network } from './network.ts'
import { remembering } from './remembering.ts'
import { seededRandom } from '../../testkit/seededRandom.ts'

export const sharedArithmetic = remembering(wasmArithmetic(await loadKernel()))

export interface Setting<Input> {
  /** The protocol's table of contents. */
  readonly table: readonly Round[]
  /** In resharing. */
  readonly committees?: Readonly<Record<Committee, readonly PartyId[]>>
  /** Everybody's input. */
  readonly inputs: ReadonlyMap<PartyId, Input>
  /** Makes a cheater of a party. */
  readonly wrap?: (channel: Channel, id: PartyId, network: Network) => Channel
  readonly cheat?: (mail: Mailbox, id: PartyId) => Mailbox
  readonly random?: (id: PartyId) => RandomSource
  readonly onStage?: (id: PartyId, name: string) => void
}

export interface Result<Output> {
  readonly outcomes: ReadonlyMap<PartyId, Outcome<Output>>
  readonly mailboxes: ReadonlyMap<PartyId, OpenMailbox>
}

/** Runs every party in this process. When all wait and nothing is under way, the deadline passes. */
export async function simulate<Input, Output>(
  protocol: Protocol<Input, Output>,
  { table, committees, inputs, wrap = (channel) => channel, cheat = (mail) => mail, random, onStage }: Setting<Input>,
): Promise<Result<Output>> {
  const ids = [...inputs.keys()]
  const network = new Network(ids)
  const clock = new ManualClock()
  const stuck = new Stuck(ids.length, () => clock.pass(deadlineMs + 1))
  const mailboxes = new Map<PartyId, OpenMailbox>()
  const run = async ([id, input]: [PartyId, Input]): Promise<[PartyId, Outcome<Output>]> => {
    const peers = ids.filter((other) => other !== id)
    const channel = wrap(stuck.watch(network.channel(id)), id, network)
    const mail = openMailbox(channel, {
      me: id,
      peers,
      rounds: table,
      ...(committees && { committees }),
      deadlineMs,
      clock,
    })
    mailboxes.set(id, mail)
    const stage = (name: string) => onStage?.(id, name)
    const party = {
      id,
      peers,
      mail: cheat(mail, id),
      arithmetic: sharedArithmetic,
      random: (random ?? partyRandom)(id),
      stage,
    }
    try {
      return [id, { ok: true, value: await protocol(party, input) }]
    } catch (error) {
      if (error instanceof ProtocolAbort) return [id, { ok: false, failure: error.failure }]
      throw error
    } finally {
      stuck.left()
    }
  }
  return { outcomes: new Map(await Promise.all([...inputs].map(run))), mailboxes }
}

/** Everybody's result, in the order of the parties; nobody may have failed. */
export function results<Output>({ outcomes }: Result<Output>): Output[] {
  return [...outcomes].map(([id, outcome]) => {
    if (!outcome.ok) throw new Error(`party ${id}: ${JSON.stringify(outcome.failure)}`)
    return outcome.value
  })
}

/** What party `id` draws unless it is told otherwise. */
export function partyRandom(id: PartyId): RandomSource {
  return seededRandom(`party ${id}`)
}

const deadlineMs = 1000

/** Notices that everybody who has not finished waits for a message and that none is on its way. */
class Stuck {
  #running: number
  #waiting = 0
  readonly #act: () => Promise<void>

  constructor(parties: number, act: () => Promise<void>) {
    this.#running = parties
    this.#act = act
  }

  watch(channel: Channel): Channel {
    return {
      ...channel,
      next: async () => {
        this.#waiting += 1
        this.#look()
        try {
          return await channel.next()
        } finally {
          this.#waiting -= 1
        }
      },
    }
  }

  /** A party that has left may leave a `next` behind; it will never take a message from anybody else. */
  left(): void {
    this.#running -= 1
    this.#look()
  }

  #look(): void {
    setImmediate(() => {
      if (this.#running > 0 && this.#waiting >= this.#running) void this.#act()
    })
  }
}
