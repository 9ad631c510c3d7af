import { once } from 'node:events'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import type { Spawned } from '../../worker/client.ts'
import { nodeEndpoint } from '../../worker/nodeEndpoint.ts'

/** What is looked for, disguised: else the question itself would be found. */
export type Hidden =
  { readonly kind: 'bytes'; readonly veiled: Uint8Array } | { readonly kind: 'number'; readonly veiled: string }

/** How many buffers hold the bytes, how many objects a number, and how many Secrets are not erased. */
export interface Found {
  readonly bytes: number
  readonly numbers: number
  readonly secrets: number
}

export function veil(byte: number): number {
  return byte ^ 0x5a
}

/** Its digits backwards. */
export function veilOf(number: bigint): string {
  return Array.from(number.toString(36)).reverse().join('')
}

export interface SearchedWorkers {
  readonly spawn: () => Spawned
  /** What each worker that lives still holds of these, in the order in which they were started. */
  search(secrets: readonly (Uint8Array | bigint)[]): Promise<readonly Found[]>
  started(): number
  /** Kills the worker that was started last, as a bug in it would. */
  crash(): void
}

export function searchedWorkers(): SearchedWorkers {
  const workers: { readonly worker: Worker; readonly port: MessagePort; isAlive: boolean }[] = []
  return {
    spawn() {
      const { port1: port, port2: searches } = new MessageChannel()
      const worker = new Worker(new URL('searchedEntry.ts', import.meta.url), {
        workerData: { threads: 1, searches },
        transferList: [searches],
      })
      const running = { worker, port, isAlive: true }
      workers.push(running)
      return {
        endpoint: nodeEndpoint(worker),
        onDeath(tell) {
          worker.on('exit', (code) => {
            running.isAlive = false
            port.close()
            tell(`the worker ended with code ${code}`)
          })
        },
        terminate: () => void worker.terminate(),
      }
    },
    search(secrets) {
      const hidden = secrets.map((secret): Hidden =>
        typeof secret === 'bigint'
          ? { kind: 'number', veiled: veilOf(secret) }
          : { kind: 'bytes', veiled: secret.map(veil) },
      )
      const alive = workers.filter(({ isAlive }) => isAlive)
      return Promise.all(
        alive.map(async ({ port }) => {
          port.postMessage(hidden)
          const [found] = (await once(port, 'message')) as [Found]
          return found
        }),
      )
    },
    started: () => workers.length,
    crash: () => void workers.at(-1)?.worker.terminate(),
  }
}
