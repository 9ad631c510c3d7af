import assert from 'node:assert/strict'
import type { Failure } from '../failure.ts'
import type { PartyId } from '../partyId.ts'
import type { Protocol } from '../protocols/protocol.ts'
import type { Channel, Outgoing } from '../round/channel.ts'
import type { Mailbox } from '../round/mailbox.ts'
import type { Cheating } from './cheaters.ts'
import { type Network, recorded, seats } from './network.ts'
import { partyRandom, simulate, type Result, type Setting } from './simulate.ts'

const [one, second, other] = seats(3) as [PartyId, PartyId, PartyId]
export const cheater = second
export const honest = [one, other] as const

interface Dishonest<Input> extends Partial<Cheating<Input>> {
  /** Party 2 unless somebody else is named. */
  readonly cheater?: PartyId
  readonly channel?: (honest: Channel, network: Network) => Channel
}

const asItIs = <T>(honest: T): T => honest

/** One party cheats; `said` is everything that the honest parties sent. */
export async function withCheater<Input, Output>(
  protocol: Protocol<Input, Output>,
  { inputs: honestInputs, ...setting }: Pick<Setting<Input>, 'table' | 'committees' | 'inputs'>,
  dishonesty: Dishonest<Input>,
): Promise<Result<Output> & { readonly said: readonly Outgoing[] }> {
  const { channel: dishonest = asItIs<Channel>, cheat = asItIs<Mailbox>, input = asItIs<Input>, random } = dishonesty
  const cheats = (id: PartyId): boolean => id === (dishonesty.cheater ?? cheater)
  const said: Outgoing[] = []
  const result = await simulate<Input, Output>(protocol, {
    ...setting,
    inputs: new Map([...honestInputs].map(([id, own]) => [id, cheats(id) ? input(own) : own])),
    wrap: (channel, id, network) => (cheats(id) ? dishonest(channel, network) : recorded(channel, said)),
    cheat: (mail, id) => (cheats(id) ? cheat(mail) : mail),
    random: (id) => (cheats(id) && random !== undefined ? random : partyRandom(id)),
  })
  return { ...result, said }
}

export function failureOf(result: Result<unknown>, party: PartyId): Failure {
  const outcome = result.outcomes.get(party)
  assert.ok(outcome?.ok === false, `party ${party} noticed nothing`)
  return outcome.failure
}

export function assertEverybodyNames(
  result: Result<unknown>,
  { check, culprits = () => [cheater] }: Pick<Cheating<unknown>, 'check' | 'culprits'>,
  everybody: readonly PartyId[] = honest,
): void {
  for (const party of everybody) {
    assert.deepEqual(failureOf(result, party), { kind: 'misbehaviour', culprits: culprits(party), check })
  }
}
