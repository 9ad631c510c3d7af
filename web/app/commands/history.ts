import type { SigningRequest } from '../../jobs/requests.ts'
import type { HistoryEntry } from '../../platform/historyStore.ts'
import { isLive } from '../../../tss-wasm/requests/isLive.ts'
import type { WaitingRequest } from '../../jobs/mailroom.ts'
import { openingOf, type Ceremony } from '../../state/ceremony.ts'
import { useHistory } from '../../state/history.ts'
import type { CommandPorts, Commands } from './commands.ts'
import { loaded } from './loaded.ts'
import { outcomeOf } from './outcome.ts'

/** As many as a person scrolls through. */
const mostShown = 200

export interface Chronicle extends Pick<Commands, 'loadHistory'> {
  /** A signature that was tried here, at its end. */
  ended(ceremony: Ceremony): Promise<void>
  rejected(request: SigningRequest): Promise<void>
  /** Requests that wait at the coordinator: those that have ended are kept. */
  changed(requests: readonly WaitingRequest[]): Promise<void>
}

/** What became of everything that a wallet was asked to sign. That it cannot be written down stops nothing. */
export function history({ history: store, now }: Pick<CommandPorts, 'history' | 'now'>): Chronicle {
  async function loadHistory(walletId: string): Promise<void> {
    const loaded = await outcomeOf(store.of(walletId, mostShown))
    useHistory.setState({
      [walletId]: loaded.ok
        ? { status: 'ready', entries: loaded.value }
        : { status: 'failed', failure: loaded.failure },
    })
  }

  async function add(entry: HistoryEntry): Promise<void> {
    await outcomeOf(store.add(entry))
    if (entry.walletId in useHistory.getState()) await loadHistory(entry.walletId)
  }

  /** By name, what was last written down of a request: nothing is written twice. */
  const written = new Map<string, string>()

  return {
    loadHistory,
    async changed(requests) {
      const over = requests.filter(({ state }) => !isLive(state))
      if (over.length === 0) return
      const job = await outcomeOf(loaded(import('../../jobs/requestHistory.ts'), 'history'))
      if (!job.ok) return
      for (const request of over) {
        const entry = job.value.historyOf(request)
        const now = `${request.state.stage} ${request.opened.statements.length}`
        if (entry === undefined || written.get(request.name) === now) continue
        written.set(request.name, now)
        await add(entry)
      }
    },
    async ended(ceremony) {
      if (openingOf(ceremony) !== undefined) return // nothing was asked of anybody
      const end = endOf(ceremony)
      const { walletId, order, askedBy, parties } = ceremony
      if (end === undefined || walletId === undefined || order === undefined) return
      const others = parties.filter(({ presence }) => presence !== 'invited' && presence !== 'failed')
      const names = others.map(({ name }) => name).filter((name) => name !== undefined)
      await add({ walletId, atMs: now(), content: order.content, askedBy: askedBy?.label, others: names, end })
    },
    async rejected({ wallet: { walletId }, order, from }) {
      await add({
        walletId,
        atMs: now(),
        content: order.content,
        askedBy: from.label,
        others: [],
        end: { type: 'rejected' },
      })
    },
  }
}

function endOf({ end, mayBeSigned }: Ceremony): HistoryEntry['end'] | undefined {
  if (end?.type === 'failed') return { type: 'failed', failure: end.failure, ...(mayBeSigned && { mayBeSigned }) }
  if (end?.type !== 'signed') return undefined
  const { result, transactionHash } = end.signed
  return { type: 'signed', result, transactionHash }
}
