import type { Watch } from '../web/jobs/ceremony.ts'
import type { Ports } from '../web/jobs/ports.ts'
import { joinByInvitation, previewInvitation } from '../web/jobs/joinByInvitation.ts'
import { joinReshare, type ReshareRequest } from '../web/jobs/joinReshare.ts'
import { watchRequests } from '../web/jobs/requests.ts'
import { type NewPlace, reshareWallet } from '../web/jobs/reshareWallet.ts'
import type { WalletRecord } from '../web/platform/shareStore.ts'
import { ProtocolAbort } from '../tss-wasm/failure.ts'
import type { PinnedParty } from '../participant/session/serverParties.ts'
import { app, never, passphrase } from './people.ts'

export interface Resharing {
  /** Who proposes; a member. */
  readonly host: Ports
  /** Who is asked: other members, by what they will be told of. */
  readonly members: readonly Ports[]
  /** Who comes by invitation, in the order of the invited places. */
  readonly guests: readonly Ports[]
  readonly threshold: number
  readonly places: readonly NewPlace[]
  readonly serverParties?: readonly PinnedParty[]
  readonly lifeSeconds?: number
  readonly signal?: AbortSignal
  readonly onEvent?: Watch
  /** Told of everybody's outcome to come, as soon as they begin: the host, then members, then guests. */
  readonly onOutcome?: (number: number, outcome: Promise<WalletRecord>) => void
}

/** New shares of the host's first wallet. Everybody's outcome: the host, then members, then guests. */
export async function reshareTogether({
  host,
  members,
  guests,
  threshold,
  places,
  serverParties = [],
  lifeSeconds = 60,
  signal = never,
  onEvent = () => undefined,
  onOutcome,
}: Resharing): Promise<PromiseSettledResult<WalletRecord>[]> {
  const [wallet] = await host.shares.list()
  if (wallet === undefined) throw new Error('the host has a wallet')
  const agree = { codesMatch: () => Promise.resolve(true) }
  const begun = <T extends Promise<WalletRecord>>(number: number, outcome: T): T => {
    outcome.catch(() => undefined)
    onOutcome?.(number, outcome)
    return outcome
  }
  const joined = members.map((ports, i) =>
    begun(
      1 + i,
      nextReshare(ports, signal).then((request) =>
        joinReshare(ports, { request, serverParties, passphrase: passphrase() }, onEvent, signal, agree),
      ),
    ),
  )
  const following: Promise<WalletRecord>[] = []
  const proposed = begun(
    0,
    reshareWallet(
      host,
      {
        wallet,
        reason: 'device',
        threshold,
        places,
        leaving: [],
        passphrase: passphrase(),
        lifeSeconds,
        app,
      },
      (event) => {
        onEvent(event)
        if (event.type !== 'invitations' || following.length > 0) return
        event.invitations.forEach(({ link }, i) => {
          const ports = guests[i]
          if (ports === undefined) return
          const outcome = previewInvitation(ports, link, app).then((invitedTo) =>
            joinByInvitation(ports, { invitedTo, serverParties, passphrase: passphrase() }, onEvent, signal, agree),
          )
          following.push(begun(1 + members.length + i, outcome))
        })
      },
      signal,
      { hosting: () => undefined, ...agree },
    ),
  )
  const [mine] = await Promise.allSettled([proposed])
  return [mine, ...(await Promise.allSettled([...joined, ...following]))]
}

/** The first proposal of new shares that this installation is told of. */
export async function nextReshare(ports: Ports, signal: AbortSignal = never): Promise<ReshareRequest> {
  const { promise, resolve, reject } = Promise.withResolvers<ReshareRequest>()
  const stop = new AbortController()
  const ended = AbortSignal.any([stop.signal, signal])
  const listener = { onRequest: () => undefined, onReshare: resolve }
  watchRequests(ports, listener, ended).catch(reject)
  const request = await promise
  stop.abort(new ProtocolAbort({ kind: 'cancelled' }))
  return request
}
