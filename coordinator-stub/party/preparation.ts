import type { Engine, SealedPreParameters } from '../../tss-wasm/worker/api.ts'
import { type Log, logBug } from '../process/log.ts'
import type { PartyFolder } from './folder.ts'

/** Pre-parameters, made in the background ahead of need: the search for their safe primes takes seconds to minutes. */
export interface Preparation extends Disposable {
  /** Waits until a set is free and puts it aside for the caller. @throws `signal`'s reason when it aborts before */
  reserve(signal: AbortSignal): Promise<Reservation>
}

/** Disposing an unused reservation gives the set back. */
export interface Reservation extends Disposable {
  /** Deletes the set from the disk and hands it out: from here on it belongs to one ceremony, however that ends. */
  take(): Promise<SealedPreParameters>
}

/** Should making fail, it must not fail in a busy loop. */
const failedPauseMs = 5000

/** @param ahead how many sets are kept ready */
export async function startPreparation(
  folder: PartyFolder,
  startEngine: () => Engine,
  ahead: number,
  log: Log,
): Promise<Preparation> {
  const free = [...(await folder.prepared())]
  const waiting: ((name: string) => void)[] = []
  let stopped = false
  const isStopped = () => stopped
  let making: Engine | undefined

  const giveOut = (name: string) => {
    const next = waiting.shift()
    if (next) next(name)
    else free.push(name)
  }

  async function turn(signal: AbortSignal): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const leave = () => {
      waiting.splice(waiting.indexOf(resolve), 1)
      reject(signal.reason as Error)
    }
    waiting.push(resolve)
    signal.addEventListener('abort', leave)
    void promise
      .catch(() => undefined)
      .finally(() => {
        signal.removeEventListener('abort', leave)
      })
    return promise
  }

  async function make(): Promise<void> {
    if (making !== undefined || isStopped() || free.length - waiting.length >= ahead) return
    using engine = startEngine()
    making = engine
    const started = performance.now()
    try {
      const before = new Set(await folder.prepared())
      await folder.addPrepared(await engine.makePreParameters(folder.masterKey, () => undefined))
      log('prepared', { ms: Math.round(performance.now() - started) })
      for (const name of await folder.prepared()) if (!before.has(name)) giveOut(name)
    } catch (error) {
      if (isStopped()) return
      logBug(log, error, 'preparation')
      makeAfter(failedPauseMs)
      return
    } finally {
      making = undefined
    }
    makeAfter(0)
  }
  function makeAfter(ms: number): void {
    setTimeout(() => void make(), ms).unref()
  }
  makeAfter(0)

  return {
    async reserve(signal) {
      signal.throwIfAborted()
      const next = free.shift() ?? turn(signal)
      // Also for whoever waits, when none are made ahead.
      makeAfter(0)
      const name = await next
      makeAfter(0)
      let mine = true
      return {
        async take() {
          mine = false
          return folder.takePrepared(name)
        },
        [Symbol.dispose]() {
          if (mine) giveOut(name)
          mine = false
        },
      }
    },
    [Symbol.dispose]() {
      stopped = true
      making?.[Symbol.dispose]()
    },
  }
}
