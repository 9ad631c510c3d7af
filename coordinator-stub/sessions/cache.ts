import type { Session } from '../../proto/gen/coordinator_pb.js'

/** A session and how often its row had been changed when it was so. */
export interface Known {
  readonly session: Session
  readonly revision: number
}

/** The newest that this process knows of the sessions it was asked about lately. Never older than what it was told. */
export interface SessionCache {
  get(sessionId: string): Known | undefined
  /** Keeps it unless something newer is known. `bytes`: about what the session takes. */
  put(sessionId: string, known: Known, bytes: number): void
  /** Another instance has made this revision: what is older is not kept, also not if its reader is late. */
  supersede(sessionId: string, revision: number): void
  clear(): void
}

interface Entry {
  readonly session: Session | undefined
  readonly revision: number
  readonly bytes: number
}

/** Sessions are a few kilobytes, but somebody may open many with large proposals. */
const mostBytes = 64 * 1024 * 1024
/** Objects and map entries around the bytes. */
const overhead = 2048

export function createSessionCache(most = mostBytes): SessionCache {
  const entries = new Map<string, Entry>()
  let held = 0

  function remove(sessionId: string): void {
    held -= entries.get(sessionId)?.bytes ?? 0
    entries.delete(sessionId)
  }

  function set(sessionId: string, entry: Entry): void {
    remove(sessionId)
    // The map's order is that of the last use.
    entries.set(sessionId, entry)
    held += entry.bytes
    for (const oldest of entries.keys()) {
      if (held <= most) break
      remove(oldest)
    }
  }

  return {
    get(sessionId) {
      const entry = entries.get(sessionId)
      if (entry?.session === undefined) return undefined
      entries.delete(sessionId)
      entries.set(sessionId, entry)
      return { session: entry.session, revision: entry.revision }
    },
    put(sessionId, { session, revision }, bytes) {
      const entry = entries.get(sessionId)
      if (entry !== undefined && entry.revision > revision) return
      set(sessionId, { session, revision, bytes: bytes + overhead })
    },
    supersede(sessionId, revision) {
      const entry = entries.get(sessionId)
      if (entry !== undefined && entry.revision >= revision) return
      set(sessionId, { session: undefined, revision, bytes: overhead })
    },
    clear() {
      entries.clear()
      held = 0
    },
  }
}
