// Run by ended.test.ts as a process of its own: ends workers in the middle of sealing, as cancelled ceremonies do, while
// one goes on. Its exit code tells whether the process survived.
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'vite'
import { createIdentity } from '../../identity/identity.ts'
import { systemRandom } from '../../random.ts'
import { company, gather } from '../parties.ts'

const ends = Number(process.argv[2])
const { identities } = await company(2, 2)
const keys = { signing: systemRandom(32), encryption: systemRandom(32) }
const friends = gather(identities, 2, { kind: 'keygen', walletName: 'x', threshold: 2, parties: 2, curve: 'secp256k1' })
const workerData = { roster: friends.roster, keys }
await createIdentity()
const folder = await mkdtemp(join(tmpdir(), 'quorate-test-'))
const program = join(folder, 'sealingWorker.mjs')
await writeFile(program, await inOneFile('sealingWorker.ts'))

/** A worker that loads its sources one by one takes longer to start than to be ended. */
async function inOneFile(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    build: { write: false, ssr: fileURLToPath(new URL(entry, import.meta.url)), target: 'node24' },
  })
  const [result] = [built].flat()
  if (result === undefined || !('output' in result)) throw new Error(`${entry} was not built`)
  return result.output[0].code
}

async function sealing(): Promise<Worker> {
  const worker = new Worker(program, { workerData })
  await once(worker, 'message')
  return worker
}

const other = await sealing()
other.once('exit', (code) => {
  throw new Error(`the worker that was left alone has ended with code ${code}`)
})
for (let ended = 0; ended < ends; ended += 4) {
  const workers = await Promise.all([sealing(), sealing(), sealing(), sealing()])
  for (const worker of workers) {
    await setTimeout((systemRandom(1)[0] ?? 0) / 32)
    await worker.terminate()
  }
}
other.removeAllListeners('exit')
await other.terminate()
await rm(folder, { recursive: true })
process.stdout.write(`ended ${ends}`)
