/** 0, very easy to guess, to 4. */
export type Score = 0 | 1 | 2 | 3 | 4

export interface StrengthMeter extends Disposable {
  /** Estimates in the background; the answer to the last question comes, others may not. */
  estimate(passphrase: string): void
}

/** Starts the worker and loads its dictionaries with the first question. */
export function strengthMeter(onScore: (score: Score) => void): StrengthMeter {
  let worker: Worker | undefined
  let busy = false
  let next: string | undefined

  function ask(passphrase: string): void {
    if (worker === undefined) {
      worker = new Worker(new URL('./strengthWorker.ts', import.meta.url), { type: 'module' })
      worker.onmessage = ({ data }: MessageEvent<Score>) => {
        busy = false
        if (next === undefined) onScore(data)
        else ask(next)
      }
    }
    busy = true
    next = undefined
    worker.postMessage(passphrase)
  }

  return {
    estimate(passphrase) {
      if (busy) next = passphrase
      else ask(passphrase)
    },
    [Symbol.dispose]() {
      worker?.terminate()
    },
  }
}
