import { version } from '../package.json'
import type { Coordinator } from '../proto/client/client.ts'
import { fingerprint } from '../tss-wasm/identity/identity.ts'
import { systemClock } from '../tss-wasm/round/clock.ts'
import { startEngine } from '../tss-wasm/worker/client.ts'
import { spawnInBrowser } from '../tss-wasm/worker/spawn.web.ts'
import type { CommandPorts, Diagnosis } from './app/commands.ts'
import { startApp } from './app/start.tsx'
import { keepPrepared } from './jobs/preparePreParameters.ts'
import { openDatabase } from './platform/browser/database.ts'
import { browserIdentityStore } from './platform/browser/identityStore.ts'
import { browserPreferences } from './platform/browser/preferences.ts'
import { browserPreParameterStore } from './platform/browser/preParameterStore.ts'
import { loadServerParties } from './platform/browser/serverParties.ts'
import { browserShareStore } from './platform/browser/shareStore.ts'
import { usePreparation } from './state/preparation.ts'

// The one place where everything is built and wired.
const database = openDatabase()
const identity = browserIdentityStore(database)
const preParameters = browserPreParameterStore(database)
const newEngine = () => startEngine(spawnInBrowser)
const exclusively = async (name: string, work: () => Promise<void>) => {
  await navigator.locks.request(`quorate ${name}`, work)
}
/** Protobuf and the client of the wire are loaded with the first ceremony; the first page needs neither. */
const coordinator: Coordinator = {
  create: async (request) => (await loadCoordinator()).create(request),
  join: async (request) => (await loadCoordinator()).join(request),
}
const loadCoordinator = async () => (await import('./platform/browser/coordinator.ts')).browserCoordinator()

const ports: CommandPorts = {
  coordinator,
  shares: browserShareStore(database),
  identity,
  preParameters,
  preparation: keepPrepared({ preParameters, startEngine: newEngine, exclusively }, (state) => {
    usePreparation.setState(state, true)
  }),
  startEngine: newEngine,
  clock: systemClock,
  now: () => Date.now(),
  deadlines: { joinMs: 30_000, readyMs: 300_000, roundMs: 30_000 },
  serverParties: () => loadServerParties(),
  preferences: browserPreferences,
  diagnose,
  persist: () => navigator.storage.persist(),
}

async function diagnose(): Promise<Diagnosis> {
  using engine = newEngine()
  const [mine, kernel, persistent] = await Promise.allSettled([
    identity.load(),
    engine.diagnostics(),
    navigator.storage.persisted(),
  ])
  return {
    fingerprint: mine.status === 'fulfilled' ? fingerprint(mine.value.public) : undefined,
    kernel: kernel.status === 'fulfilled' ? kernel.value.kernel : undefined,
    persistent: persistent.status === 'fulfilled' && persistent.value,
    version,
  }
}

const root = document.querySelector('#app')
if (root === null) throw new Error('index.html has no #app')
await startApp(root, ports)
