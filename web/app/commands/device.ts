import { useAppCode } from '../../state/appCode.ts'
import { usePreferences } from '../../state/preferences.ts'
import { useServerParties } from '../../state/serverParties.ts'
import type { CommandPorts, Commands } from './commands.ts'
import { outcomeOf } from './outcome.ts'

type Device = Pick<
  Commands,
  'loadServerParties' | 'prepare' | 'prefer' | 'diagnose' | 'persist' | 'checkVersion' | 'useVersion'
>

/** This installation: what it knows, prefers, and has ready. */
export function device(ports: CommandPorts): Device {
  return {
    async loadServerParties() {
      const loaded = await outcomeOf(ports.serverParties())
      useServerParties.setState(
        loaded.ok ? { status: 'ready', parties: loaded.value } : { status: 'failed', failure: loaded.failure },
        true,
      )
    },
    async prepare() {
      await outcomeOf(ports.preparation.ready()) // its state is told through its own listener
    },
    prefer(change) {
      usePreferences.setState(change)
      ports.preferences.save(usePreferences.getState())
    },
    diagnose: () => ports.diagnose(),
    persist: () => ports.persist(),
    async checkVersion() {
      const status = await ports.appCode.status().catch(() => undefined)
      useAppCode.setState({ status })
    },
    useVersion: (contents) => ports.appCode.approve(contents).catch(() => false),
  }
}
