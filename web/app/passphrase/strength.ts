import { TrustedWorker as Worker } from '../../../tss-wasm/trustedWorker.web.ts'

/** 0, very easy to guess, to 4. */
export type Score = 0 | 1 | 2 | 3 | 4

export interface StrengthMeter extends Disposable {
  /** Estimated in the background. Undefined where it cannot be: the worker or its dictionaries did not load. */
  score(passphrase: string): Promise<Score | undefined>
}

/** Starts the worker, which loads its dictionaries. */
export function strengthMeter(): StrengthMeter {
  const worker = new Worker(new URL('./strengthWorker.ts', import.meta.url), { type: 'module' })
  const waiting = new Map<number, (score: Score | undefined) => void>()
  let asked = 0
  let broken = false

  const giveUp = () => {
    broken = true
    for (const answer of waiting.values()) answer(undefined)
    waiting.clear()
  }
  worker.onerror = giveUp
  worker.onmessageerror = giveUp
  worker.onmessage = ({ data: [question, score] }: MessageEvent<readonly [number, Score]>) => {
    waiting.get(question)?.(score)
    waiting.delete(question)
  }

  return {
    score(passphrase) {
      if (broken) return Promise.resolve(undefined)
      const question = ++asked
      worker.postMessage([question, passphrase])
      return new Promise((resolve) => waiting.set(question, resolve))
    },
    [Symbol.dispose]() {
      worker.terminate()
      giveUp()
    },
  }
}
