import { failureIn, type Outcome } from '../../../tss-wasm/failure.ts'

export async function outcomeOf<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work }
  } catch (error) {
    reportBug(error)
    return { ok: false, failure: failureIn(error) }
  }
}

/** Whatever is not a known failure is a bug of ours: the console, and whoever reads it, should have the stack. */
export function reportBug(error: unknown): void {
  if (failureIn(error).kind === 'engine-crashed') reportError(error)
}
