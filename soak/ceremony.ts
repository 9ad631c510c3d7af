import { createGrpcTransport } from '@connectrpc/connect-node'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { recoverMessageAddress, type Hex } from 'viem'
import { createCoordinator, readMaxBytes } from '../participant/createCoordinator.ts'
import { memoryRuns } from '../participant/connection/runs.ts'
import type { PinnedParty } from '../participant/session/serverParties.ts'
import { createByInvitation, installation, never, nextRequest, passphrase } from '../testkit/people.ts'
import { ethereumAddress } from '../tss-wasm/content/ethereum.ts'
import { ProtocolAbort } from '../tss-wasm/failure.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { systemClock } from '../tss-wasm/round/clock.ts'
import { startEngine } from '../tss-wasm/worker/client.ts'
import { spawnInNode } from '../tss-wasm/worker/spawn.node.ts'
import type { Ports } from '../web/jobs/ports.ts'
import { answerRequest } from '../web/jobs/requests.ts'
import { settlePending } from '../web/jobs/settlePending.ts'
import { signContent } from '../web/jobs/signContent.ts'

/** A job of everybody: how long until the last had the result, or why it has none. */
export type Ended = { readonly ms: number } | { readonly failed: string }

export interface Told {
  /** The message of a round has been counted, somewhere. */
  readonly onProgress: () => void
}

const message = 'pay the milkman'
const content = { type: 'ethereum-message', message: utf8ToBytes(message) } as const

/**
 * `threads`: as in the app, every ceremony costs its several seconds of computing. `remembered`: the engine in this process,
 * with the same randomness each time, so that powers are computed once for all ceremonies and what is left is everything
 * else: network, router, storage, sealing, signatures, hashes.
 */
export type Engines = 'threads' | 'remembered'

/** People with the app's own jobs, deadlines and patience. */
export async function somePeople(count: number, url: string, engines: Engines): Promise<readonly Ports[]> {
  const transport = () => createGrpcTransport({ baseUrl: url, readMaxBytes })
  return Promise.all(
    Array.from({ length: count }, async (_, number) => ({
      ...(await installation(transport(), number)),
      coordinator: createCoordinator(transport(), { random: systemRandom, runs: memoryRuns() }),
      ...(engines === 'threads' && { startEngine: () => startEngine(spawnInNode) }),
      clock: systemClock,
      deadlines: { joinMs: 60_000, readyMs: 60_000, roundMs: 60_000 },
    })),
  )
}

/** All of them, and the server parties, of whom two sign. */
export async function keygen(
  people: readonly Ports[],
  { onProgress }: Told,
  serverParties: readonly PinnedParty[] = [],
): Promise<Ended> {
  const started = performance.now()
  const outcomes = await createByInvitation(
    { people },
    {
      threshold: 2,
      serverParties,
      lifeSeconds: 300,
      onEvent(event) {
        if (event.type === 'progress') onProgress()
      },
    },
  )
  return ended(started, outcomes)
}

/** The first asks whoever sits in the second seat: the first server party, or else the second of the people. */
export async function sign([host, guest]: readonly Ports[], { onProgress }: Told): Promise<Ended> {
  const wallet = (await host?.shares.list())?.[0]
  if (host === undefined || guest === undefined || wallet === undefined) throw new Error('there is no wallet')
  const coSigners = wallet.seats.filter(({ seat }) => seat === 2)
  const started = performance.now()
  const asking = signContent(
    host,
    {
      wallet,
      content,
      coSigners,
      passphrase: passphrase(),
      lifeSeconds: 300,
    },
    (event) => {
      if (event.type === 'progress') onProgress()
    },
    never,
  )
  const asked = coSigners.every(({ serverParty }) => serverParty === undefined) ? [guest] : []
  const answering = asked.map(async (ports) => {
    const request = await nextRequest(ports)
    return answerRequest(ports, { request, passphrase: passphrase() }, () => undefined, never)
  })
  const outcomes = await Promise.allSettled([asking, ...answering])
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') continue
    const signer = await recoverMessageAddress({ message, signature: outcome.value.result as Hex })
    if (signer !== ethereumAddress(wallet.publicKey)) throw new Error('a signature is not of the wallet')
  }
  return ended(started, outcomes)
}

/** Once everybody has asked what became of it: a wallet for all, for none, or who has what. */
export async function wallets(people: readonly Ports[]): Promise<'all' | 'none' | 'LOST'> {
  for (const ports of people)
    await settlePending({ ...ports, pending: { ...ports.pending, isHeld: () => Promise.resolve(false) } })
  const held = await Promise.all(
    people.map(async ({ shares }) => (await shares.list()).map(({ walletId, state }) => `${walletId} ${state}`).join()),
  )
  if (held.every((one) => one === '')) return 'none'
  return held.every((one) => one.endsWith(' active') && one === held[0]) ? 'all' : 'LOST'
}

function ended(started: number, outcomes: readonly PromiseSettledResult<unknown>[]): Ended {
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
  if (reasons.length === 0) return { ms: performance.now() - started }
  const bug = reasons.find((reason) => !(reason instanceof ProtocolAbort))
  if (bug !== undefined) throw bug as Error
  return { failed: reasons.map(String).join(' | ') }
}
