import { setFlagsFromString } from 'node:v8'
import { systemRandom } from '../tss-wasm/random.ts'
import { startEngine } from '../tss-wasm/worker/client.ts'
import { spawnInNode } from '../tss-wasm/worker/spawn.node.ts'
import { warmEngines } from '../tss-wasm/worker/warmEngines.ts'
import { coordinatorSettings, readCoordinatorSettings } from './coordinator/settings.ts'
import { startCoordinator } from './coordinator/start.ts'
import { createLog } from './process/log.ts'
import { mustBeSafe, unsafeFor } from './process/production.ts'
import { runUntilSignalled } from './process/runUntilSignalled.ts'
import { flagsOf, usageOf } from './process/settings.ts'
import { makeApiKey } from './rest/apiKeys.ts'

const about = "Quorate's coordinator: sessions and message router. It sees no secret of any key."
const flags = flagsOf(coordinatorSettings)
const { 'make-api-key': nameOfKey } = flags

if (flags['help'] !== undefined) {
  process.stdout.write(usageOf(about, 'node coordinator-stub/main.ts [FLAG ...]', coordinatorSettings))
} else if (nameOfKey !== undefined) {
  const { key, entry } = makeApiKey(nameOfKey, systemRandom)
  process.stdout.write(`X-API-Key, shown once: ${key}\nfor API_KEYS: ${entry}\n`)
} else {
  // Envelopes are memory outside of V8's heap. By default every 64 MB of it, most of them long free, start a collection of
  // the whole heap, which then takes more time than all the rest; with this the two are counted together.
  setFlagsFromString('--external-memory-accounted-in-global-limit')
  const log = createLog('coordinator')
  await runUntilSignalled(log, async () => {
    const settings = readCoordinatorSettings(flags, {
      fresh: () => startEngine(spawnInNode),
      // They live as long as the process.
      kept: () => warmEngines(spawnInNode).start,
    })
    mustBeSafe(() => unsafeFor(settings))
    const coordinator = await startCoordinator(settings, systemRandom, log)
    process.send?.({ ready: { url: coordinator.url, grpcUrl: coordinator.grpcUrl } })
    return coordinator
  })
}
