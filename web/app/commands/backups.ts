import { checkBackup, exportSaveData, makeBackup } from '../../jobs/backup.ts'
import { openShareFile } from '../../jobs/restore.ts'
import type { BackupNote, GuardiansNote, Preferences } from '../../platform/preferences.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { usePreferences } from '../../state/preferences.ts'
import type { CommandPorts, Commands } from './commands.ts'
import { loaded, loadedFor } from './loaded.ts'
import { outcomeOf } from './outcome.ts'

type Backups = Pick<
  Commands,
  | 'makeBackup'
  | 'checkBackup'
  | 'guard'
  | 'sealForGuardians'
  | 'checkGuardians'
  | 'forgetGuardians'
  | 'exportShare'
  | 'openShareFile'
  | 'keepShare'
>

export interface Afterwards {
  readonly prefer: (change: Partial<Preferences>) => void
  /** There is a wallet more, with an identity of its own. */
  readonly restored: () => Promise<void>
}

/** @throws Error where there are none: the page does not offer it then */
function guardiansOf({ walletId }: WalletRecord): GuardiansNote {
  const { guardians } = usePreferences.getState().backups[walletId] ?? {}
  if (guardians === undefined) throw new Error('this wallet has no guardians')
  return guardians
}

/** Shares that leave this device as files, and those that come. */
export function backups(ports: CommandPorts, { prefer, restored }: Afterwards): Backups {
  function note(walletId: string, news: BackupNote): void {
    const known = usePreferences.getState().backups
    prefer({ backups: { ...known, [walletId]: { ...known[walletId], ...news } } })
  }
  const historyJob = () => loaded(import('../../jobs/historyBackup.ts'), 'history')
  return {
    async makeBackup(wallet, passphrase, backupPassphrase) {
      // A share is backed up without its history rather than not at all.
      const history = await outcomeOf(historyJob().then((job) => job.historyForBackup(ports.history, wallet.walletId)))
      const known = history.ok ? history.value : undefined
      const made = await outcomeOf(makeBackup(ports, wallet, passphrase, backupPassphrase, known))
      if (made.ok) note(wallet.walletId, { madeAtMs: ports.now() })
      return made
    },
    async checkBackup(wallet, file, passphrase) {
      const checked = await outcomeOf(checkBackup(ports, wallet, file, passphrase))
      if (checked.ok) note(wallet.walletId, { madeAtMs: checked.value.madeAtMs, checkedAtMs: ports.now() })
      return checked
    },
    async guard(wallet, { needed, names }, passphrase) {
      const made = await outcomeOf(
        loadedFor({ passphrase }, import('../../jobs/guardians.ts'), 'guardians').then((job) =>
          job.guardShare(ports, wallet, { needed, guardians: names.length }, passphrase),
        ),
      )
      const now = ports.now()
      if (made.ok) {
        const { recipient } = made.value
        note(wallet.walletId, { guardians: { recipient, needed, names, madeAtMs: now, sealedAtMs: now } })
      }
      return made
    },
    async sealForGuardians(wallet, passphrase) {
      const guardians = guardiansOf(wallet)
      const sealed = await outcomeOf(
        loadedFor({ passphrase }, import('../../jobs/guardians.ts'), 'guardians').then((job) =>
          job.sealForGuardians(ports, wallet, guardians.recipient, passphrase),
        ),
      )
      if (sealed.ok) note(wallet.walletId, { guardians: { ...guardians, sealedAtMs: ports.now() } })
      return sealed
    },
    async checkGuardians(wallet, file, key) {
      const checked = await outcomeOf(checkBackup(ports, wallet, file, key))
      if (checked.ok) note(wallet.walletId, { guardians: { ...guardiansOf(wallet), checkedAtMs: ports.now() } })
      return checked
    },
    forgetGuardians({ walletId }) {
      note(walletId, { guardians: undefined })
    },
    exportShare: (wallet, passphrase) => outcomeOf(exportSaveData(ports, wallet, passphrase)),
    openShareFile: (source) => outcomeOf(openShareFile(ports, source)),
    async keepShare(opened, form) {
      const kept = await outcomeOf(opened.keep(form))
      if (!kept.ok) return kept
      const { backup } = opened.shown
      const { walletId } = kept.value
      if (backup !== undefined) note(walletId, { madeAtMs: backup.madeAtMs, checkedAtMs: ports.now() })
      const { history } = backup ?? {}
      if (history !== undefined)
        await outcomeOf(historyJob().then((job) => job.restoreHistory(ports.history, walletId, history)))
      await restored()
      return kept
    },
  }
}
