// Run by ended.test.ts as a process of its own: ends workers in the middle of sealing, as cancelled ceremonies do, while
// one goes on. Its exit code tells whether the process survived.
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { createIdentity } from '../../identity/identity.ts'
import { systemRandom } from '../../random.ts'
import { company, gather } from '../parties.ts'

const ends = Number(process.argv[2])
const { identities } = await company(2, 2)
const keys = { signing: systemRandom(32), encryption: systemRandom(32) }
const friends = gather(identities, 2, { kind: 'keygen', walletName: 'x', threshold: 2, parties: 2, curve: 'secp256k1' })
const workerData = { roster: friends.roster, keys }
await createIdentity()

async function sealing(): Promise<Worker> {
  const worker = new Worker(new URL('sealingWorker.ts', import.meta.url), { workerData })
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
process.stdout.write(`ended ${ends}`)
