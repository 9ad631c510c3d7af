import { usePreferences } from '../../state/preferences.ts'
import { asking } from './asking.ts'
import { backups } from './backups.ts'
import { coordinators } from './coordinators.ts'
import { creating } from './creating.ts'
import { device } from './device.ts'
import { history } from './history.ts'
import { nodes } from './nodes.ts'
import { occupying } from './occupying.ts'
import { passkeys } from './passkeys.ts'
import { requests } from './requests.ts'
import { resharing } from './resharing.ts'
import { rules } from './rules.ts'
import { running } from './running.ts'
import { signing } from './signing.ts'
import { waitingRequests } from './waitingRequests.ts'
import { wallets } from './wallets.ts'
import type { CommandPorts, Commands } from './commands.ts'

export function createCommands(ports: CommandPorts): Commands {
  const here = device(ports)
  const keys = passkeys(ports)
  const held = wallets(ports, keys)
  const chronicle = history(ports)
  const waiting = waitingRequests(ports, {
    changed(requests) {
      void chronicle.changed(requests)
    },
  })
  const asked = requests(ports, chronicle, waiting.post)
  const ceremonies = running(ports, {
    succeeded(kind, milliseconds) {
      here.prefer({ measured: { ...usePreferences.getState().measured, [kind]: milliseconds } })
    },
    async ended(ceremony) {
      if (ceremony !== undefined) await chronicle.ended(ceremony)
      await held.loadWallets()
      void asked.watchRequests()
      void here.prepare()
    },
  })
  const files = backups(ports, {
    prefer: (change) => {
      here.prefer(change)
    },
    async restored() {
      await held.loadWallets()
      void asked.watchRequests()
    },
  })
  const { cancel, dismiss } = ceremonies
  const person = asking()
  return {
    ...here,
    ...keys,
    ...nodes(ports),
    ...rules(ports),
    ...coordinators(ports, async () => {
      await held.settle()
      void asked.watchRequests()
    }),
    ...held,
    ...asked,
    ...waiting.commands,
    ...files,
    ...creating(ports, ceremonies, person),
    ...resharing(ports, ceremonies, person),
    lock(walletId) {
      ports.unlocked.lock(walletId)
    },
    revoke: person.revoke,
    compare: person.compare,
    ...signing(ports, ceremonies),
    loadHistory: chronicle.loadHistory,
    ...occupying(ports, ceremonies),
    cancel,
    dismiss,
  }
}
