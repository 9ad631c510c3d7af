import { ProtocolAbort } from '../../../tss-wasm/failure.ts'

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
