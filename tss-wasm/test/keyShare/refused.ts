import assert from 'node:assert/strict'
import { ProtocolAbort } from '../../failure.ts'

/** For assert.rejects: what was stored or brought is refused, for this reason. */
export function refused(reason: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ProtocolAbort, String(error))
    assert.equal(error.failure.kind, 'refused')
    assert.match(error.message, reason)
    return true
  }
}
