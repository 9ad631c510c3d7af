import type { Interceptor, Transport } from '@connectrpc/connect'
import { createRouterTransport } from '@connectrpc/connect'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { serviceRoutes } from '../coordinator-stub/rpc/routes.ts'
import { rig, type Rig } from './harness.ts'
import { idleClock } from './idleClock.ts'
import { createCoordinator } from '../participant/createCoordinator.ts'
import { memoryRuns } from '../participant/connection/runs.ts'
import type { PinnedParty } from '../participant/session/serverParties.ts'
import { ProtocolAbort } from '../tss-wasm/failure.ts'
import { sealPreParameters } from '../tss-wasm/keyShare/sealedPreParameters.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { localEngine } from '../tss-wasm/test/localEngine.ts'
import { fixturePreParameters } from '../tss-wasm/test/protocols/fixtureShare.ts'
import { seededRandom } from './seededRandom.ts'
import type { CeremonyEvent, InvitationShown } from '../web/jobs/ceremony.ts'
import { inviteAndCreate } from '../web/jobs/createWallet.ts'
import { joinByInvitation, previewInvitation } from '../web/jobs/joinByInvitation.ts'
import { ownReservations } from '../web/jobs/preParameterReservations.ts'
import type { Ports } from '../web/jobs/ports.ts'
import { type SigningRequest, watchRequests } from '../web/jobs/requests.ts'
import { unlockPeriods } from '../web/jobs/unlockPeriods.ts'
import type { WalletRecord } from '../web/platform/shareStore.ts'
import {
  memoryIdentityStore,
  memoryPendingStore,
  memoryPreParameterStore,
  memoryShareStore,
} from '../web/test/memoryStores.ts'

export const app = 'https://wallet.example'
export const never = new AbortController().signal
export const passphrase = (): Uint8Array<ArrayBuffer> => new Uint8Array(utf8ToBytes('quite a long phrase'))
export const timing = { callMs: 5000, silenceMs: 5000, giveUpMs: 8000, firstPauseMs: 5, longestPauseMs: 50 }

/** One installation: everything it keeps is in memory, its engine in this process. Number 0 to 4. */
export async function installation(transport: Transport, number: number, roundMs = 20_000): Promise<Ports> {
  const preParameters = memoryPreParameterStore()
  const sealed = await sealPreParameters(fixturePreParameters(number), await preParameters.key(), systemRandom)
  await preParameters.put(sealed)
  return {
    coordinator: createCoordinator(transport, { random: systemRandom, runs: memoryRuns(), timing, clock: idleClock }),
    shares: memoryShareStore(),
    pending: memoryPendingStore(),
    identity: memoryIdentityStore(),
    preParameters,
    preparation: { ready: () => Promise.resolve(), reserve: () => ownReservations().hold() },
    unlocked: unlockPeriods({ clock: idleClock, now: () => Date.now() }, () => undefined),
    startEngine: () => localEngine(seededRandom(`installation ${number}`), idleClock),
    clock: idleClock,
    now: () => Date.now(),
    deadlines: { joinMs: 20_000, readyMs: 20_000, roundMs },
  }
}

/** The first request that this installation is told of; never, once `signal` has ended the watch. */
export async function nextRequest(ports: Ports, signal: AbortSignal = never): Promise<SigningRequest> {
  const { promise, resolve } = Promise.withResolvers<SigningRequest>()
  const stop = new AbortController()
  const watching = watchRequests(ports, { onRequest: resolve }, AbortSignal.any([stop.signal, signal]))
  watching.catch(() => undefined)
  const request = await promise
  stop.abort(new ProtocolAbort({ kind: 'cancelled' }))
  return request
}

export interface Meeting {
  readonly at: Rig
  readonly people: readonly Ports[]
  readonly lifeSeconds?: number
}

/** The coordinator, and so many installations around it; `meddle` stands between the coordinator and all of them. */
export async function meeting(
  count: number,
  meddle?: (number: number) => Interceptor | undefined,
  roundMs?: number,
): Promise<Meeting> {
  const at = await rig()
  const people = await Promise.all(
    Array.from({ length: count }, (_, number) => installation(meddled(at, meddle?.(number)), number, roundMs)),
  )
  return { at, people }
}

export function meddled(at: Rig, meddle: Interceptor | undefined): Transport {
  if (meddle === undefined) return at.transport
  return createRouterTransport(serviceRoutes(at.services), { transport: { interceptors: [meddle] } })
}

export interface Creation {
  readonly threshold: number
  /** Who hold a share besides; none if nothing is said. */
  readonly serverParties?: readonly PinnedParty[]
  /** What each person says of the codes, by number; they match if nothing is said. */
  readonly codesMatch?: (number: number, code: string) => boolean | Promise<boolean>
  /** Called with the invitations before anybody follows one; answers whom of them come, by their links. */
  readonly follow?: (
    invitations: readonly InvitationShown[],
    revoke: (seat: number) => Promise<void>,
    follow: (number: number, link: string) => void,
  ) => void
  readonly lifeSeconds?: number
  /** Told of everybody's outcome to come, as soon as they begin. */
  readonly onOutcome?: (number: number, outcome: Promise<WalletRecord>) => void
  /** Ends everybody's part, as a machine that is switched off. */
  readonly signal?: AbortSignal
  /** What number 0's screen is told. */
  readonly onEvent?: (event: CeremonyEvent) => void
}

/** Whoever is turned away before joining cannot tell the others, who would wait until the session is over: all end with it. */
export function untilTurnedAway(guest: number): Pick<Creation, 'signal' | 'onOutcome'> {
  const end = new AbortController()
  return {
    signal: end.signal,
    onOutcome(number, outcome) {
      if (number !== guest) return
      outcome.catch(() => {
        end.abort(new ProtocolAbort({ kind: 'cancelled' }))
      })
    },
  }
}

/** Number 0 invites all the others, who follow their links. Everybody's outcome, by number. */
export async function createByInvitation(
  { people }: Pick<Meeting, 'people'>,
  {
    threshold,
    serverParties = [],
    codesMatch = () => true,
    follow,
    lifeSeconds = 60,
    signal = never,
    onEvent,
    onOutcome,
  }: Creation,
): Promise<PromiseSettledResult<WalletRecord>[]> {
  const [host, ...guests] = people
  if (host === undefined) throw new Error('somebody has to invite')
  const joining = new Map<number, Promise<WalletRecord>>()
  let isFollowed = false
  let revoke: (seat: number) => Promise<void> = () => Promise.resolve()
  const join = (number: number, link: string): void => {
    const ports = people[number]
    if (ports === undefined) throw new Error('nobody has this number')
    const joined = previewInvitation(ports, link, app).then((invitedTo) =>
      joinByInvitation(ports, { invitedTo, serverParties, passphrase: passphrase() }, () => undefined, signal, {
        codesMatch: async (code) => codesMatch(number, code),
      }),
    )
    joined.catch(() => undefined)
    joining.set(number, joined)
    onOutcome?.(number, joined)
  }
  const created = inviteAndCreate(
    host,
    {
      name: 'Family',
      threshold,
      serverParties,
      people: guests.map((_, i) => `guest ${i + 1}`),
      passphrase: passphrase(),
      lifeSeconds,
      app,
    },
    (event) => {
      onEvent?.(event)
      if (event.type !== 'invitations') return
      if (follow !== undefined) follow(event.invitations, revoke, join)
      else if (!isFollowed)
        event.invitations.forEach(({ link }, i) => {
          join(i + 1, link)
        })
      isFollowed = true
    },
    signal,
    {
      hosting(by) {
        revoke = by
      },
      codesMatch: async (code) => codesMatch(0, code),
    },
  )
  onOutcome?.(0, created)
  const [mine] = await Promise.allSettled([created])
  const theirs = await Promise.allSettled([...joining].sort(([a], [b]) => a - b).map(([, joined]) => joined))
  return [mine, ...theirs]
}
