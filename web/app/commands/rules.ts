import { usePreferences } from '../../state/preferences.ts'
import { useRules } from '../../state/rules.ts'
import type { CommandPorts, Commands } from './commands.ts'
import { loaded } from './loaded.ts'
import { outcomeOf } from './outcome.ts'

/** What the members of a wallet decide by. */
export function rules(ports: CommandPorts): Pick<Commands, 'loadRules'> {
  const seen = {
    get: (name: string) => usePreferences.getState().rules[name] ?? 0,
    set(name: string, madeMs: number) {
      usePreferences.setState(({ rules: before }) => ({ rules: { ...before, [name]: madeMs } }))
      ports.preferences.save(usePreferences.getState())
    },
  }
  return {
    async loadRules(wallet) {
      const job = loaded(import('../../jobs/rules.ts'), 'rules')
      await outcomeOf(
        job.then(({ readRules }) =>
          readRules(ports, wallet, seen, (found) => {
            useRules.setState({ [wallet.walletId]: found })
          }),
        ),
      )
    },
  }
}
