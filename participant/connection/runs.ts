import { bytesToHex } from '@noble/hashes/utils.js'

/**
 * The runs that this installation has taken part in. A coordinator that kept an old session could play it to a party once
 * more, signatures and all; the run id, which the creator draws afresh and signs, tells.
 */
export interface RunLog {
  /**
   * Writes the run down, durably, before anything is said in it.
   * @param run 16 bytes
   * @returns false if it was written down before
   */
  enter(run: Uint8Array): Promise<boolean>
}

/** Forgets with the process: for tests, and for programs that take part once. */
export function memoryRuns(): RunLog {
  const known = new Set<string>()
  return {
    enter(run) {
      const name = bytesToHex(run)
      const isNew = !known.has(name)
      known.add(name)
      return Promise.resolve(isNew)
    },
  }
}
