import { changePassphrase } from '../../jobs/changePassphrase.ts'
import { settlePending } from '../../jobs/settlePending.ts'
import type { Ports } from '../../jobs/ports.ts'
import { unlock } from '../../jobs/unlock.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { isRunning, useCeremony } from '../../state/ceremony.ts'
import { useWallets } from '../../state/wallets.ts'
import type { Commands } from './commands.ts'
import { loaded } from './loaded.ts'
import { outcomeOf } from './outcome.ts'

type Wallets = Pick<
  Commands,
  'loadWallets' | 'openProof' | 'settle' | 'checkPassphrase' | 'changePassphrase' | 'describe' | 'discard'
>

/** The wallets that this device holds a share of. */
export function wallets(ports: Ports, { loadPasskeys }: Pick<Commands, 'loadPasskeys'>): Wallets {
  /** Without those that are being made, in whichever window: they are no wallet yet, and nothing unfinished to discard. */
  async function list(): Promise<readonly WalletRecord[]> {
    const records = await ports.shares.list()
    const held = await Promise.all(
      records.map(async ({ state, sessionId }) => state === 'pending' && (await ports.pending.isHeld(sessionId))),
    )
    return records.filter((_, i) => held[i] !== true)
  }

  async function loadWallets(): Promise<void> {
    const listed = await outcomeOf(list())
    useWallets.setState(
      listed.ok ? { status: 'ready', records: listed.value } : { status: 'failed', failure: listed.failure },
      true,
    )
  }
  return {
    loadWallets,
    async settle() {
      if (isRunning(useCeremony.getState().current)) return
      await outcomeOf(settlePending(ports))
      await loadWallets()
    },
    async openProof(wallet, file) {
      const opened = await outcomeOf(
        loaded(import('../../jobs/openProof.ts'), 'resharing')
          .then((job) => job.openProof(ports, wallet, file))
          .then(() => undefined),
      )
      await loadWallets()
      return opened
    },
    checkPassphrase: (wallet, passphrase) =>
      outcomeOf(unlock(ports, wallet, passphrase, new AbortController().signal).then(() => undefined)),
    async changePassphrase(wallet, current, next) {
      const changed = await outcomeOf(changePassphrase(ports, wallet, { current, next }).then(() => undefined))
      await loadPasskeys() // a passkey does not outlast the passphrase that it was added to
      return changed
    },
    async describe({ walletId, name, isArchived = false }, change) {
      const words = { name, labels: {}, isArchived, ...change }
      const done = await outcomeOf(ports.shares.describe(walletId, words).then(() => undefined))
      await loadWallets()
      return done
    },
    async discard(walletId) {
      const removed = await outcomeOf(ports.shares.remove(walletId).then(() => undefined))
      await loadWallets()
      return removed
    },
  }
}
