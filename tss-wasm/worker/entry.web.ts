import '../disposal.web.ts'
import { expose } from 'comlink'
import { loadKernel } from '../integers/load.web.ts'
import { startWorker } from '../integers/pool.web.ts'
import { defaultThreads } from './threads.ts'
import { tssWorker } from './worker.ts'

// What the page posts and this engine cannot read would otherwise be silence: thrown here, it reaches the page as an error.
self.addEventListener('messageerror', () => {
  throw new Error('a message to the worker could not be read')
})

// The name is the one thing that a worker knows before its first message: spawn.web.ts puts the number there.
const { hardwareConcurrency, deviceMemory } = navigator as Partial<Navigator> & { readonly deviceMemory?: number }
const threads = self.name === '' ? defaultThreads(hardwareConcurrency, deviceMemory) : Number(self.name)
expose(tssWorker({ loadKernel, startWorker, threads }))
