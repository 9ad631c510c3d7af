import type { Transport } from '@connectrpc/connect'
import { createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { recoverMessageAddress, type Hex } from 'viem'
import { createCoordinator, readMaxBytes } from '../participant/createCoordinator.ts'
import { memoryRuns } from '../participant/connection/runs.ts'
import type { PinnedParty } from '../participant/session/serverParties.ts'
import { idleClock } from '../testkit/idleClock.ts'
import { app, createByInvitation, installation, never, nextRequest, passphrase } from '../testkit/people.ts'
import { reshareTogether } from '../testkit/resharing.ts'
import { seededRandom } from '../testkit/seededRandom.ts'
import { ethereumAddress } from '../tss-wasm/content/ethereum.ts'
import { ProtocolAbort } from '../tss-wasm/failure.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { systemClock, type DeviceClock } from '../tss-wasm/round/clock.ts'
import { sealPreParameters } from '../tss-wasm/keyShare/sealedPreParameters.ts'
import { fixturePreParameters } from '../tss-wasm/test/protocols/fixtureShare.ts'
import { localEngine } from '../tss-wasm/test/localEngine.ts'
import { startEngine } from '../tss-wasm/worker/client.ts'
import { spawnInNode } from '../tss-wasm/worker/spawn.node.ts'
import type { Ports } from '../web/jobs/ports.ts'
import { joinByInvitation, previewInvitation } from '../web/jobs/joinByInvitation.ts'
import { answerRequest } from '../web/jobs/requests.ts'
import { settlePending } from '../web/jobs/settlePending.ts'
import { signContent } from '../web/jobs/signContent.ts'

/** A job of everybody: how long until the last had the result, or why it has none. */
export type Ended = { readonly ms: number } | { readonly failed: string }

export interface Told {
  /** The message of a round has been counted, somewhere. */
  readonly onProgress: () => void
  /** Some have come and wait for others. @param seated so many of them */
  readonly whileWaiting?: (seated: number) => Promise<void>
}

const message = 'pay the milkman'
const content = { type: 'ethereum-message', message: utf8ToBytes(message) } as const

/**
 * `threads`: as in the app, every ceremony costs its several seconds of computing. `remembered`: the engine in this process,
 * with the same randomness each time, so that powers are computed once for all ceremonies and what is left is everything
 * else: network, router, storage, sealing, signatures, hashes.
 */
export type Engines = 'threads' | 'remembered'

/**
 * People with the app's own jobs, deadlines and patience.
 * @param clock of their devices, all of them; left out: rounds are bounded by the time in which this process waits
 */
export async function somePeople(
  count: number,
  transport: () => Transport,
  engines: Engines,
  clock?: DeviceClock,
): Promise<readonly Ports[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, number) => ({
      ...(await installation(transport(), number)),
      coordinator: createCoordinator(transport(), {
        random: systemRandom,
        runs: memoryRuns(),
        ...(clock && { clock }),
      }),
      startEngine: () =>
        engines === 'threads'
          ? startEngine(spawnInNode)
          : localEngine(seededRandom(`installation ${number}`), clock ?? idleClock),
      clock: clock ?? systemClock,
      deadlines: { joinMs: 60_000, readyMs: 60_000, roundMs: 60_000 },
    })),
  )
}

export const overGrpc = (baseUrl: string) => () => createGrpcTransport({ baseUrl, readMaxBytes })
/** As browsers do. */
export const overWeb = (baseUrl: string) => () => createGrpcWebTransport({ baseUrl, httpVersion: '1.1', readMaxBytes })

/** Another tab of the same browser: what is kept is the same, and nothing else tells the two apart or of each other. */
export function anotherTab(ports: Ports, transport: () => Transport): Ports {
  return { ...ports, coordinator: createCoordinator(transport(), { random: systemRandom, runs: memoryRuns() }) }
}

/** All of them, and the server parties, of whom two sign. */
export async function keygen(
  people: readonly Ports[],
  { onProgress, whileWaiting }: Told,
  serverParties: readonly PinnedParty[] = [],
  tabs: readonly Ports[] = [],
): Promise<Ended> {
  const started = performance.now()
  const second: Promise<PromiseSettledResult<unknown>>[] = []
  const somebodyCame = Promise.withResolvers<undefined>()
  let isFollowed = false
  const outcomes = await createByInvitation(
    { people },
    {
      threshold: 2,
      serverParties,
      lifeSeconds: 3600,
      onEvent(event) {
        if (event.type === 'progress') onProgress()
        if (event.type !== 'presence') return
        const arrived = event.participants.filter(({ state }) => state !== 'invited').length
        if (arrived === people.length - 1) somebodyCame.resolve(undefined)
      },
      follow(invitations, _, join) {
        if (isFollowed) return
        isFollowed = true
        const come = async () => {
          for (const [i, { link }] of invitations.entries()) {
            if (i > 0 && i === invitations.length - 1 && whileWaiting !== undefined) {
              await somebodyCame.promise
              await whileWaiting(i + 1)
            }
            join(i + 1, link)
            const tab = tabs[i]
            if (tab !== undefined) second.push(settled(joinIn(tab, link, serverParties)))
          }
        }
        come().catch(onBug)
      },
    },
  )
  return ended(started, [...outcomes.slice(0, 1), ...onceEach(outcomes.slice(1), await Promise.all(second))])
}

async function joinIn(ports: Ports, link: string, serverParties: readonly PinnedParty[]): Promise<unknown> {
  const invitedTo = await previewInvitation(ports, link, app)
  const joining = { invitedTo, serverParties, passphrase: passphrase() }
  return joinByInvitation(ports, joining, () => undefined, never, { codesMatch: () => Promise.resolve(true) })
}

async function settled(work: Promise<unknown>): Promise<PromiseSettledResult<unknown>> {
  const [outcome] = await Promise.allSettled([work])
  return outcome
}

function onBug(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}

/** Of two tabs of one person, one has the result and the other one was told that it is elsewhere, or over. */
function onceEach(
  first: readonly PromiseSettledResult<unknown>[],
  second: readonly PromiseSettledResult<unknown>[],
): readonly PromiseSettledResult<unknown>[] {
  return first.map((one, i) => {
    const other = second[i]
    if (other === undefined) return one
    const [took, left] = one.status === 'fulfilled' ? [one, other] : [other, one]
    return took.status === 'fulfilled' && !isRefused(left) ? left : took
  })
}

function isRefused(outcome: PromiseSettledResult<unknown>): boolean {
  if (outcome.status === 'fulfilled') return false
  const reason: unknown = outcome.reason
  return reason instanceof ProtocolAbort && reason.failure.kind === 'refused'
}

/** The first asks whoever sits in the second seat: the first server party, or else the second of the people. */
export async function sign(
  [host, guest]: readonly Ports[],
  { onProgress, whileWaiting }: Told,
  [tab]: readonly Ports[] = [],
): Promise<Ended> {
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
      lifeSeconds: 3600,
    },
    (event) => {
      if (event.type === 'progress') onProgress()
    },
    never,
  )
  const isAsked = coSigners.every(({ serverParty }) => serverParty === undefined)
  const answer = async (ports: Ports) => {
    const request = await nextRequest(ports)
    await whileWaiting?.(1)
    return answerRequest(ports, { request, passphrase: passphrase() }, () => undefined, never)
  }
  const [mine, theirs, again] = await Promise.all(
    [[asking], isAsked ? [answer(guest)] : [], isAsked && tab !== undefined ? [answer(tab)] : []].map((each) =>
      Promise.allSettled(each),
    ),
  )
  for (const outcome of [mine, theirs, again].flatMap((each) => each ?? [])) {
    if (outcome.status === 'rejected') continue
    const signer = await recoverMessageAddress({ message, signature: outcome.value.result as Hex })
    if (signer !== ethereumAddress(wallet.publicKey)) throw new Error('a signature is not of the wallet')
  }
  return ended(started, [...(mine ?? []), ...onceEach(theirs ?? [], again ?? [])])
}

/** All of them renew their shares of the wallet that they have. */
export async function renew(people: readonly Ports[], { onProgress }: Told): Promise<Ended> {
  const [host, ...members] = people
  const wallet = (await host?.shares.list())?.[0]
  if (host === undefined || wallet === undefined) throw new Error('there is no wallet')
  for (const [number, { preParameters }] of people.entries())
    await preParameters.put(
      await sealPreParameters(fixturePreParameters(number), await preParameters.key(), systemRandom),
    )
  const off = new AbortController()
  const started = performance.now()
  const outcomes = await reshareTogether({
    ...{ host, members, guests: [], threshold: 2, lifeSeconds: 3600, signal: off.signal },
    places: wallet.seats.map((seat) => ({ kind: 'stays', seat })),
    onEvent(event) {
      if (event.type === 'progress') onProgress()
    },
    onOutcome(number, outcome) {
      // Whoever was not told of it by then waits for nothing.
      if (number === 0)
        outcome.catch(() => {
          off.abort(new ProtocolAbort({ kind: 'cancelled' }))
        })
    },
  })
  return ended(started, outcomes)
}

/** Once everybody has asked what became of it: whether all are in one epoch, and have the share of it. */
export async function areInOneEpoch(people: readonly Ports[]): Promise<boolean> {
  // Twice: who comes first hears less.
  for (const ports of [...people, ...people]) await settlePending(ports)
  const standing = await Promise.all(
    people.map(async ({ shares }) => {
      const walletId = (await shares.list())[0]?.walletId ?? ''
      const current = (await shares.epochs.read(walletId))?.current?.number
      return (await shares.epochs.held(walletId)).some((number) => number === current) ? current : undefined
    }),
  )
  return standing[0] !== undefined && standing.every((epoch) => epoch === standing[0])
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
