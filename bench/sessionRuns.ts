import type { SigningContent } from '../tss-wasm/content/content.ts'
import type { PreParameters } from '../tss-wasm/crypto/types.ts'
import { sealPreParameters } from '../tss-wasm/keyShare/sealedPreParameters.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import { Network, seats } from '../tss-wasm/test/network.ts'
import { company, gather, identityOf, type Company } from '../tss-wasm/test/parties.ts'
import type { Engine, NewWallet } from '../tss-wasm/worker/api.ts'
import { startEngine, type Spawned } from '../tss-wasm/worker/client.ts'

/** Milliseconds from everybody's start to everybody's end. */
export interface SessionTimes {
  readonly keygenMs: number
  readonly signMs: number
}

export interface SessionRequest {
  readonly threshold: number
  readonly preParameters: readonly PreParameters[]
  /** Starts a worker that computes in so many threads. */
  readonly spawn: () => Spawned
}

const content: SigningContent = {
  type: 'ethereum-message',
  message: new TextEncoder().encode('How long does it take?'),
}

/**
 * A wallet and a signature by the product's own workers, one per party, all on this machine: secured channel, sealing,
 * start of the workers and all. Only the network is a short cut.
 */
export async function measureSession({ threshold, preParameters, spawn }: SessionRequest): Promise<SessionTimes> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const parties = seats(preParameters.length)
  const sealed = await Promise.all(preParameters.map((set) => sealPreParameters(set, key, systemRandom)))
  const founders = await company(threshold, parties.length)
  const [keygenMs, wallets] = await timed(parties, founders, (engine, me, seating, channel) => {
    const stored = sealed[me - 1]
    if (stored === undefined) throw new Error(`no pre-parameters for seat ${me}`)
    const prepared = { preParameters: stored, preParametersKey: key, sealing: { kind: 'key', key } } as const
    return engine.createWallet({ ...seating, walletName: 'Bench', ...prepared }, channel, () => undefined)
  })

  const walletOf = (seat: PartyId): NewWallet => {
    const wallet = wallets.get(seat)
    if (wallet === undefined) throw new Error(`no wallet at seat ${seat}`)
    return wallet
  }
  const signers = parties.slice(0, threshold)
  const [first] = signers
  if (first === undefined) throw new Error('nobody signs')
  const identities = new Map(signers.map((seat) => [seat, identityOf(founders, seat)]))
  const session = gather(identities, threshold, { kind: 'sign', publicKey: walletOf(first).publicKey, content })
  const [signMs] = await timed(signers, session, (engine, me, seating, channel) => {
    const request = {
      ...seating,
      sealedShare: walletOf(me).sealedShare,
      sealing: { kind: 'key', key },
      content,
    } as const
    return engine.sign(request, channel, () => undefined)
  })
  return { keygenMs, signMs }

  async function timed<T>(
    present: readonly PartyId[],
    session: Company,
    part: (
      engine: Engine,
      me: PartyId,
      seating: ReturnType<typeof seatingOf>,
      channel: ReturnType<Network['channel']>,
    ) => Promise<T>,
  ): Promise<[number, Map<PartyId, T>]> {
    const network = new Network(present)
    const begun = performance.now()
    const results = await Promise.all(
      present.map(async (me): Promise<[PartyId, T]> => {
        using engine = startEngine(spawn)
        return [me, await part(engine, me, seatingOf(session, me), network.channel(me))]
      }),
    )
    return [performance.now() - begun, new Map(results)]
  }
}

function seatingOf(session: Company, me: PartyId) {
  return { me, identity: identityOf(session, me), roster: session.roster, deadlineMs: 600_000 }
}
