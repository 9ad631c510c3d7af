import { failureIn, ProtocolAbort } from '../../../tss-wasm/failure.ts'
import type { SeatAccess } from '../../../participant/session/sessionPreview.ts'
import type { WalletSeat } from '../../platform/shareStore.ts'
import { useContact } from '../../state/contact.ts'
import { addRequest, dropRequest, useRequests } from '../../state/requests.ts'
import { addReshareRequest, dropReshareRequest, useReshareRequests } from '../../state/reshareRequests.ts'
import { useWallets } from '../../state/wallets.ts'
import type { CommandPorts, Commands } from './commands.ts'
import type { Chronicle } from './history.ts'
import { loaded } from './loaded.ts'
import { outcomeOf, reportBug } from './outcome.ts'
import type { Post } from './waitingRequests.ts'

const jobs = () => loaded(import('../../jobs/requests.ts'), 'requests')

type Requests = Pick<Commands, 'watchRequests' | 'reject' | 'declineReshare' | 'refreshRequests'>

const listener = {
  onRequest: addRequest,
  onReshare: addReshareRequest,
  onConnected() {
    useContact.setState({ isRefused: false })
  },
}

function trouble(error: unknown): void {
  reportBug(error)
  if (failureIn(error).kind === 'refused') useContact.setState({ isRefused: true })
}

/** What others ask us to sign. */
export function requests(
  ports: CommandPorts,
  chronicle: Pick<Chronicle, 'rejected'>,
  { watch, offered, lookAtClock }: Post,
): Requests {
  let watching = new AbortController()

  const rejected = ({ access }: { readonly access: SeatAccess }) =>
    outcomeOf(
      jobs()
        .then(({ rejectRequest }) => rejectRequest(ports, { access }))
        .then(() => undefined),
    )

  async function isGone(access: SeatAccess, expiresAtMs: number): Promise<boolean> {
    if (ports.now() >= expiresAtMs) return true
    const seen = await outcomeOf(ports.coordinator.preview(access))
    return seen.ok ? seen.value.isOver : seen.failure.kind === 'refused'
  }

  return {
    async watchRequests() {
      const wallets = useWallets.getState()
      const hasPeople =
        wallets.status === 'ready' && wallets.records.some(({ seats, mySeat }) => hasOthers(seats, mySeat))
      watching.abort(new ProtocolAbort({ kind: 'cancelled' }))
      watching = new AbortController()
      const { signal } = watching
      if (!hasPeople) return
      const job = await outcomeOf(jobs())
      if (!job.ok) return
      const { keepWatching, keepWatchingRequests } = job.value
      await Promise.all([
        keepWatchingRequests(ports, { ...listener, onRun: offered }, trouble, signal),
        keepWatching(ports, watch, reportBug, signal),
      ])
    },
    async reject(request) {
      const told = await rejected(request)
      if (!told.ok) return told
      await chronicle.rejected(request)
      dropRequest(request)
      return told
    },
    async declineReshare(request) {
      const told = await rejected(request.seen)
      if (told.ok) dropReshareRequest(request)
      return told
    },
    async refreshRequests() {
      lookAtClock()
      for (const request of useRequests.getState().open)
        if (await isGone(request.access, request.expiresAtMs)) dropRequest(request)
      for (const request of useReshareRequests.getState().open)
        if (await isGone(request.seen.access, request.expiresAtMs)) dropReshareRequest(request)
    },
  }
}

function hasOthers(seats: readonly WalletSeat[], mySeat: number): boolean {
  return seats.some(({ seat, serverParty }) => seat !== mySeat && serverParty === undefined)
}
