import { addPasskey, removePasskey } from '../../jobs/passkey.ts'
import { usePasskeys } from '../../state/passkeys.ts'
import type { CommandPorts, Commands } from './commands.ts'
import { outcomeOf } from './outcome.ts'

type Passkeys = Pick<Commands, 'loadPasskeys' | 'addPasskey' | 'removePasskey'>

/** What opens a share beside its passphrase. */
export function passkeys(ports: CommandPorts): Passkeys {
  async function loadPasskeys(): Promise<void> {
    if (ports.passkeys === undefined) return
    const { store, authenticator } = ports.passkeys
    const loaded = await outcomeOf(Promise.all([authenticator.offered(), store.all()]))
    if (!loaded.ok) return // the passphrase does without them
    const [offered, all] = loaded.value
    const addedAtMs = Object.fromEntries(all.map(({ walletId, addedAtMs: at }) => [walletId, at]))
    usePasskeys.setState({ offered, addedAtMs }, true)
  }
  return {
    loadPasskeys,
    async addPasskey(wallet, passphrase) {
      const added = await outcomeOf(addPasskey(ports, wallet, passphrase).then(() => undefined))
      await loadPasskeys()
      return added
    },
    async removePasskey({ walletId }) {
      const removed = await outcomeOf(removePasskey(ports, walletId).then(() => undefined))
      await loadPasskeys()
      return removed
    },
  }
}
