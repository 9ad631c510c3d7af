import { ProtocolAbort } from '../../../tss-wasm/failure.ts'
import type { Unlocking } from '../../jobs/unlock.ts'
import { forget } from './running.ts'

/**
 * A part of the app that the first page does not need.
 * @param part of `import()`
 * @throws ProtocolAbort `not-loaded` when it does not come
 */
export async function loaded<T>(part: Promise<T>, what: string): Promise<T> {
  return part.catch(() => {
    throw new ProtocolAbort({ kind: 'not-loaded', detail: what })
  })
}

/** The same of a job that overwrites the passphrase it is given; without the job, that is done here. */
export async function loadedFor<T>(unlocking: Unlocking, part: Promise<T>, what: string): Promise<T> {
  try {
    return await loaded(part, what)
  } catch (error) {
    forget(unlocking)
    throw error
  }
}
