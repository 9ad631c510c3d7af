import type { Network } from '../network.ts'
import { seats } from '../network.ts'
import { identityOf, type Company } from '../parties.ts'
import { fixturePreParameters } from '../protocols/fixtureShare.ts'
import { sealPreParameters, type SealedPreParameters } from '../../keyShare/sealedPreParameters.ts'
import { systemRandom } from '../../random.ts'
import type { Channel } from '../../round/channel.ts'
import type { PartyId } from '../../partyId.ts'
import type { CreateWallet, Engine, NewWallet, Progress, Sealing } from '../../worker/api.ts'
import { startEngine, type Spawned } from '../../worker/client.ts'
import { spawnInNode } from '../../worker/spawn.node.ts'

export const aesKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
export const withKey: Sealing = { kind: 'key', key: aesKey }

export function withPassphrase(words: string): Sealing {
  return { kind: 'passphrase', passphrase: new TextEncoder().encode(words) }
}

/** tss-lib's fixtures hold five sets; searching takes longer than a test may. */
export function preParametersFor(me: PartyId): Promise<SealedPreParameters> {
  return sealPreParameters(fixturePreParameters(me - 1), aesKey, systemRandom)
}

export async function creation(
  company: Company,
  me: PartyId,
  sealing = withKey,
  preParameters = preParametersFor(me),
): Promise<CreateWallet> {
  return {
    me,
    identity: identityOf(company, me),
    roster: company.roster,
    deadlineMs: 60_000,
    walletName: 'Test',
    preParameters: await preParameters,
    preParametersKey: aesKey,
    sealing,
  }
}

export interface Scene {
  readonly network: Network
  /** Replaced channels of cheaters, by party. */
  readonly channels?: ReadonlyMap<PartyId, (honest: Channel) => Channel>
  readonly progress?: (party: PartyId, step: Progress) => void
  /** Party 1 seals with it, and the others with a key. */
  readonly sealing?: Sealing
  readonly deadlineMs?: number
  /** How party 2 gets its worker, unless as the others. */
  readonly spawn?: () => Spawned
}

/** Keygen by real workers, one per party, the first with two threads to help it; whatever comes of it. */
export async function createTogether(company: Company, scene: Scene): Promise<PromiseSettledResult<NewWallet>[]> {
  const parties = seats(company.roster.seats.length)
  return Promise.allSettled(
    parties.map(async (me) => {
      const plain = () => spawnInNode(undefined, me === 1 ? 2 : 1)
      using engine = startEngine(me === 2 ? (scene.spawn ?? plain) : plain)
      return await create(engine, company, me, scene)
    }),
  )
}

export async function create(engine: Engine, company: Company, me: PartyId, scene: Scene): Promise<NewWallet> {
  const honest = scene.network.channel(me)
  const channel = scene.channels?.get(me)?.(honest) ?? honest
  const request = await creation(company, me, me === 1 ? scene.sealing : withKey)
  const { deadlineMs = request.deadlineMs } = scene
  return engine.createWallet({ ...request, deadlineMs }, channel, (step) => scene.progress?.(me, step))
}

export function valuesOf<T>(outcomes: readonly PromiseSettledResult<T>[]): T[] {
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  })
}
