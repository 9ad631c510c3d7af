import { useAppCode } from '../../state/appCode.ts'
import { usePreferences } from '../../state/preferences.ts'
import { useServerParties } from '../../state/serverParties.ts'
import type { Speed } from '../../../tss-wasm/worker/speed.ts'
import type { CommandPorts, Commands } from './commands.ts'
import { useSpeed } from '../../state/speed.ts'
import { outcomeOf } from './outcome.ts'

type Device = Pick<
  Commands,
  'loadServerParties' | 'prepare' | 'prefer' | 'diagnose' | 'keeping' | 'persist' | 'checkVersion' | 'useVersion'
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
      if (useSpeed.getState().speed === undefined) useSpeed.setState({ speed: await measured(ports) })
    },
    prefer(change) {
      usePreferences.setState(change)
      ports.preferences.save(usePreferences.getState())
    },
    diagnose: () => ports.diagnose(),
    keeping: () => ports.keeping(),
    persist: () => ports.persist(),
    async checkVersion() {
      const status = await ports.appCode.status().catch(() => undefined)
      useAppCode.setState({ status })
    },
    useVersion: (contents) => ports.appCode.approve(contents).catch(() => false),
  }
}

/** Undefined where it could not be: then nobody is promised a time. */
async function measured(ports: CommandPorts): Promise<Speed | undefined> {
  using engine = ports.startEngine()
  return await engine.diagnostics().catch(() => undefined)
}
