import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startLocalStack, type LocalStack } from '../coordinator-stub/localStack.ts'
import { loadKernel } from '../tss-wasm/integers/load.node.ts'
import { wasmArithmetic } from '../tss-wasm/integers/wasm.ts'
import { parsePreParameters } from '../tss-wasm/keyShare/saveData.ts'
import { sealPreParameters } from '../tss-wasm/keyShare/sealedPreParameters.ts'
import { systemRandom } from '../tss-wasm/random.ts'

const root = resolve(import.meta.dirname, '..')
const fixtures = join(root, 'tss-wasm/test/fixtures/tss-lib')

/** The local stack with the built app, on free ports and a folder that goes with it. */
export interface LocalApp extends AsyncDisposable {
  readonly stack: LocalStack
  /** Under a host name, without which there are no passkeys. */
  readonly url: string
}

/**
 * The server parties start with pre-parameters of the fixtures in stock, sealed by the product's own code: a search for
 * each would cost minutes of every test run. The browser makes its own.
 */
export async function startLocalApp({ roundDeadlineSeconds = 20 } = {}): Promise<LocalApp> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'quorate-e2e-'))
  const tools = { arithmetic: wasmArithmetic(await loadKernel()), random: systemRandom }
  let nextFixture = 0
  const stack = await startLocalStack({
    dataFolder,
    port: 0,
    grpcPort: 0,
    webFolder: join(root, 'dist'),
    parties: ['server-1', 'server-2'],
    roundDeadlineSeconds,
    prepareAhead: 1,
    logs: process.env['QUORATE_E2E_LOGS'] === undefined ? 'ignore' : 'inherit',
    random: systemRandom,
    beforeStart: async (_name, folder) => {
      for (let sets = 0; sets < 2; sets += 1) {
        const json = await readFile(join(fixtures, `keygen_data_${nextFixture}.json`))
        nextFixture += 1
        await folder.addPrepared(
          await sealPreParameters(await parsePreParameters(json, tools), folder.masterKey, systemRandom),
        )
      }
    },
  })
  return {
    stack,
    url: stack.url.replace('127.0.0.1', 'localhost'),
    [Symbol.asyncDispose]: async () => {
      await stack.stop()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}
