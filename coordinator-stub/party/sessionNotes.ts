import { mkdir, readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readIfThere, syncFolder, writeDurably } from '../../files/dataFolder.ts'
import type { PendingSession } from '../../participant/share/pendingSession.ts'
import { encodeJson, pendingSchema } from './wallet.ts'

/** A session in which a share is being made and none is stored yet. */
export interface SessionNote {
  readonly mySeat: number
  readonly session: PendingSession
}

/**
 * What a party must not forget before it has a share: that others may be waiting for its word. A note is there from before
 * the run begins until the share is stored, or until the others can know that it never will be.
 */
export interface SessionNotes {
  put(note: SessionNote): Promise<void>
  remove(sessionId: string): Promise<void>
  /** All that can be read; a damaged one says nothing that could be acted on. */
  all(): Promise<readonly SessionNote[]>
}

const noteSchema = z.strictObject({ mySeat: z.int().min(1), session: pendingSchema })

/** @param folder its own, made if need be: one file for each session */
export async function openSessionNotes(folder: string): Promise<SessionNotes> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = (sessionId: string) => {
    if (!/^[0-9a-f]{32}$/.test(sessionId)) throw new Error('a session id is 32 hex digits')
    return join(folder, `${sessionId}.json`)
  }
  return {
    put: ({ mySeat, session }) => writeDurably(file(session.sessionId), encodeJson({ mySeat, session })),
    async remove(sessionId) {
      await unlink(file(sessionId)).catch(() => undefined)
      await syncFolder(folder)
    },
    async all() {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
      const notes = await Promise.all(names.map((name) => readIfThere(join(folder, name))))
      return notes.flatMap((bytes) => (bytes === undefined ? [] : read(bytes)))
    },
  }
}

function read(bytes: Uint8Array): readonly SessionNote[] {
  try {
    return [noteSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))]
  } catch {
    return []
  }
}
