import { useOccupied, type Occupation } from '../../state/occupied.ts'
import type { CommandPorts, Commands } from './commands.ts'
import { useCeremony } from '../../state/ceremony.ts'
import type { Running } from './running.ts'

type Occupying = Pick<Commands, 'occupy' | 'takeOver'>

/** One tab at a time works with a wallet: two would answer the same request, or change a passphrase under each other. */
export function occupying(
  { walletLocks, unlocked }: Pick<CommandPorts, 'walletLocks' | 'unlocked'>,
  { cancel }: Running,
): Occupying {
  const wanted = new Map<string, AbortController>()

  function tell(walletId: string, occupation: Occupation | undefined): void {
    const others = Object.entries(useOccupied.getState()).filter(([other]) => other !== walletId)
    const told = occupation === undefined ? [] : [[walletId, occupation] as const]
    useOccupied.setState(Object.fromEntries([...others, ...told]), true)
  }

  async function enter(walletId: string, how: 'wait' | 'take'): Promise<void> {
    const leaving = new AbortController()
    wanted.set(walletId, leaving)
    const { signal } = leaving
    const isWanted = () => wanted.get(walletId) === leaving
    try {
      using held = await walletLocks.acquire(walletId, how, signal, () => {
        if (isWanted()) tell(walletId, 'waiting')
      })
      if (!isWanted()) return
      tell(walletId, 'here')
      const left = new Promise((resolve) => {
        signal.addEventListener('abort', resolve)
      })
      await Promise.race([held.lost, left])
      if (!isWanted()) return
      tell(walletId, 'taken')
      unlocked.lock(walletId)
      if (useCeremony.getState().current?.walletId === walletId) cancel()
      void comeBack(walletId, leaving)
    } catch (error) {
      if (isWanted()) throw error
    }
  }

  /** Once the tab that has taken the wallet is done with it, or closed, it is this one's again. */
  async function comeBack(walletId: string, leaving: AbortController): Promise<void> {
    const isWanted = () => wanted.get(walletId) === leaving
    try {
      const held = await walletLocks.acquire(walletId, 'wait', leaving.signal, () => undefined)
      held[Symbol.dispose]()
      if (!isWanted()) return
      wanted.delete(walletId)
      await enter(walletId, 'wait')
    } catch (error) {
      if (isWanted()) throw error
    }
  }

  function leave(walletId: string): void {
    wanted.get(walletId)?.abort()
    wanted.delete(walletId)
    tell(walletId, undefined)
  }

  return {
    occupy(walletIds) {
      for (const walletId of wanted.keys()) if (!walletIds.includes(walletId)) leave(walletId)
      for (const walletId of walletIds) if (!wanted.has(walletId)) void enter(walletId, 'wait')
    },
    takeOver(walletId) {
      leave(walletId)
      void enter(walletId, 'take')
    },
  }
}
