import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { openEntries } from '../../tss-wasm/requests/entry.ts'
import {
  createdMs,
  entriesOf,
  fixedIdentity,
  hourMs,
  members,
  type Members,
  openedOf,
  rent,
  type Said,
  signedBy,
} from '../../tss-wasm/test/requests/members.ts'
import { mustBeReady } from '../requests/signRequest.ts'

let who: Members

before(async () => {
  who = await members()
})

const soon = createdMs + hourMs
const approve = { type: 'approve' } as const

/** Why member `me` is in no run; undefined where it can be. */
async function refusal(
  said: readonly Said[],
  { me = 2, by, nowMs = soon }: { readonly me?: number; readonly by?: number; readonly nowMs?: number } = {},
): Promise<string | undefined> {
  const opened = await openedOf(who, rent(), said)
  const identity = by === undefined ? undefined : (await fixedIdentity(by)).public
  try {
    mustBeReady(opened, { membership: who.membership, me: me as PartyId }, nowMs, identity)
    return undefined
  } catch (error) {
    assert.ok(error instanceof ProtocolAbort && error.failure.kind === 'refused', String(error))
    return error.failure.detail
  }
}

describe('a member takes part in a run of a request', () => {
  it('that it has approved itself, with whoever else has approved it', async () => {
    assert.equal(await refusal([{ seat: 2, says: approve }]), undefined)
    assert.equal(await refusal([{ seat: 2, says: approve }], { by: 1 }), undefined)
  })

  it('and in none that it has not approved, however many others have', async () => {
    const others = await refusal([{ seat: 3, says: approve }], { by: 3 })
    assert.equal(others, 'this party has not approved the request')
    const both = [
      { seat: 2, says: approve },
      { seat: 3, says: approve },
      { seat: 2, says: { type: 'reject', by: 'person', reason: '' } as const },
    ]
    assert.equal(await refusal(both, { by: 3 }), 'this party has not approved the request')
  })

  it('that nobody opens who has not approved it, a stranger or a member', async () => {
    for (const by of [3, 4]) {
      const detail = await refusal([{ seat: 2, says: approve }], { by })
      assert.equal(detail, 'whoever opened the session has not approved the request')
    }
  })

  it('that is neither withdrawn, expired, signed, nor of a time to come', async () => {
    const yes = { seat: 2, says: approve }
    assert.equal(await refusal([yes, { seat: 1, says: { type: 'withdraw' } }]), 'the request is withdrawn')
    assert.equal(await refusal([yes], { nowMs: createdMs + 25 * hourMs }), 'the request is expired')
    assert.equal(await refusal([yes, { seat: 3, says: signedBy(rent(), [1, 3]) }]), 'the request is signed')
    assert.equal(await refusal([yes], { nowMs: createdMs - hourMs }), 'the request is of a time to come')
  })

  it('of which the coordinator has not kept its own approval back', async () => {
    const [request = new Uint8Array()] = await entriesOf(who, rent(), [{ seat: 2, says: approve }])
    const opened = await openEntries([request], rent().id, who.mailbox, who.membership)
    assert.throws(
      () => mustBeReady(opened, { membership: who.membership, me: 2 as PartyId }, soon),
      /has not approved the request/,
    )
  })
})
