// What e2e/stockedPage.ts and engines/stock.ts run in the browser, bundled: pre-parameters in the app's own store, sealed by
// its own code.
import '../../tss-wasm/disposal.web.ts'
import { sealPreParameters } from '../../tss-wasm/keyShare/sealedPreParameters.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import { paillierKey, ringPedersen, type SaveData } from '../../tss-wasm/test/fixtures.ts'
import { openDatabase } from '../platform/browser/database.ts'
import { browserPreParameterStore } from '../platform/browser/preParameterStore.ts'

export async function stock(sets: readonly SaveData[]): Promise<void> {
  const database = openDatabase()
  const store = browserPreParameterStore(database)
  const key = await store.key()
  for (const data of sets) {
    const parameters = { paillier: paillierKey(data), ringPedersen: ringPedersen(data) }
    await store.put(await sealPreParameters(parameters, key, systemRandom))
  }
  ;(await database()).close()
}
