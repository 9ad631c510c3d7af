import { partyFlags } from '../coordinator-stub/party/settings.ts'
import { isOn, type Setting } from '../coordinator-stub/process/settings.ts'

/** Those of a server party, without the key, which the keychain has. */
export const deskSettings = {
  ...partyFlags,
  name: { ...partyFlags.name, fallback: 'desk', says: "Its name in the coordinator's list of server parties." },
  withoutKeychain: {
    flag: 'without-keychain',
    says: 'Keeps the key in a file of mode 0600 instead of the keychain; decided at the first start.',
    read: isOn,
  },
} as const satisfies Readonly<Record<string, Setting>>
