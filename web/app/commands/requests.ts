import { ProtocolAbort } from '../../../tss-wasm/failure.ts'
import { isOpen, rejectRequest, watchRequests } from '../../jobs/requests.ts'
import type { WalletSeat } from '../../platform/shareStore.ts'
import { addRequest, dropRequest, useRequests } from '../../state/requests.ts'
import { useWallets } from '../../state/wallets.ts'
import type { CommandPorts, Commands } from '../commands.ts'
import type { Chronicle } from './history.ts'
import { outcomeOf } from './outcome.ts'

interface Requests extends Pick<Commands, 'watchRequests' | 'reject' | 'refreshRequests'> {
  /** After a wallet has come with an identity of its own. */
  watchAnew(): Promise<void>
}

/** What others ask us to sign. */
export function requests(ports: CommandPorts, chronicle: Pick<Chronicle, 'rejected'>): Requests {
  let watching: AbortController | undefined
  async function watch(): Promise<void> {
    const wallets = useWallets.getState()
    const hasPeople =
      wallets.status === 'ready' && wallets.records.some(({ seats, mySeat }) => hasOthers(seats, mySeat))
    if (watching !== undefined || !hasPeople) return
    const mine = new AbortController()
    watching = mine
    await outcomeOf(watchRequests(ports, addRequest, mine.signal))
    if (watching === mine) watching = undefined
  }
  return {
    watchRequests: watch,
    async watchAnew() {
      watching?.abort(new ProtocolAbort({ kind: 'cancelled' }))
      watching = undefined
      await watch()
    },
    async reject(request) {
      dropRequest(request)
      await outcomeOf(rejectRequest(ports, request))
      await chronicle.rejected(request)
    },
    async refreshRequests() {
      for (const request of useRequests.getState().open) {
        const seen = isOpen(request, ports.now()) ? await outcomeOf(ports.coordinator.look(request.ticket)) : undefined
        const isGone = seen === undefined || (seen.ok ? seen.value.isOver : seen.failure.kind === 'refused')
        if (isGone) dropRequest(request)
      }
    },
  }
}

function hasOthers(seats: readonly WalletSeat[], mySeat: number): boolean {
  return seats.some(({ seat, serverParty }) => seat !== mySeat && serverParty === undefined)
}
