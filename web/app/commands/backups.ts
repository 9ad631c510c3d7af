import { checkBackup, exportSaveData, makeBackup } from '../../jobs/backup.ts'
import { openShareFile } from '../../jobs/restore.ts'
import type { BackupNote, Preferences } from '../../platform/preferences.ts'
import { usePreferences } from '../../state/preferences.ts'
import type { CommandPorts, Commands } from './commands.ts'
import { outcomeOf } from './outcome.ts'

type Backups = Pick<Commands, 'makeBackup' | 'checkBackup' | 'exportShare' | 'openShareFile' | 'keepShare'>

export interface Afterwards {
  readonly prefer: (change: Partial<Preferences>) => void
  /** There is a wallet more, with an identity of its own. */
  readonly restored: () => Promise<void>
}

/** Shares that leave this device as files, and those that come. */
export function backups(ports: CommandPorts, { prefer, restored }: Afterwards): Backups {
  function note(walletId: string, news: BackupNote): void {
    const known = usePreferences.getState().backups
    prefer({ backups: { ...known, [walletId]: { ...known[walletId], ...news } } })
  }
  return {
    async makeBackup(wallet, passphrase, backupPassphrase) {
      const made = await outcomeOf(makeBackup(ports, wallet, passphrase, backupPassphrase))
      if (made.ok) note(wallet.walletId, { madeAtMs: ports.now() })
      return made
    },
    async checkBackup(wallet, file, passphrase) {
      const checked = await outcomeOf(checkBackup(ports, wallet, file, passphrase))
      if (checked.ok) note(wallet.walletId, { madeAtMs: checked.value.madeAtMs, checkedAtMs: ports.now() })
      return checked
    },
    exportShare: (wallet, passphrase) => outcomeOf(exportSaveData(ports, wallet, passphrase)),
    openShareFile: (source) => outcomeOf(openShareFile(ports, source)),
    async keepShare(opened, form) {
      const kept = await outcomeOf(opened.keep(form))
      if (!kept.ok) return kept
      const { backup } = opened.shown
      if (backup !== undefined) note(kept.value.walletId, { madeAtMs: backup.madeAtMs, checkedAtMs: ports.now() })
      await restored()
      return kept
    },
  }
}
