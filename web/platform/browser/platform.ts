import { systemRandom } from '../../../tss-wasm/random.ts'
import type { Platform } from '../platform.ts'
import { browserAuthenticator } from './authenticator.ts'
import { browserAppCode } from './appCode.ts'
import { openDatabase } from './database.ts'
import { loadChain } from './chain.ts'
import { loadDescriptions } from './descriptions.ts'
import { keepingOf } from './keeping.ts'
import { browserIdentityStore } from './identityStore.ts'
import { browserPasskeyStore } from './passkeyStore.ts'
import { browserPreferences } from './preferences.ts'
import { browserPreParameterStore } from './preParameterStore.ts'
import { loadOrigins } from './origins.ts'
import { loadServerParties } from './serverParties.ts'
import { browserShareStore } from './shareStore.ts'

/** The type of navigator says it is always there. */
function storageManager(): StorageManager | undefined {
  return (navigator as Partial<Navigator>).storage
}

export function browserPlatform(): Platform {
  const database = openDatabase()
  const preParameters = browserPreParameterStore(database)
  return {
    shares: browserShareStore(database),
    identity: browserIdentityStore(database, () => preParameters.key()),
    preParameters,
    passkeys: { store: browserPasskeyStore(), authenticator: browserAuthenticator(systemRandom) },
    preferences: browserPreferences,
    serverParties: () => loadServerParties(),
    rpcOrigins: () => loadOrigins('rpcOrigins', '/rpc.json'),
    chain: () => loadChain(),
    coordinators: () => loadOrigins('coordinators', '/coordinators.json'),
    descriptions: () => loadDescriptions(),
    webApp: () => Promise.resolve(location.origin),
    // WebKit may have no storage manager, and then promises nothing.
    persistent: async () => (await storageManager()?.persisted()) ?? false,
    keeping: () => keepingOf(storageManager()),
    persist: async () => (await storageManager()?.persist()) ?? false,
    appCode: browserAppCode(),
    announce: () => undefined, // a tab has no tray, and its title is the browser's
  }
}
