import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { bytesToHex } from '@noble/hashes/utils.js'
import { create } from '@bufbuild/protobuf'
import type { RequestBox } from '../../participant/requests/requestBox.ts'
import { MailboxListSchema, type MailboxList } from '../../proto/gen/requests_pb.js'
import { unlessCancelled } from '../../participant/session/unlessCancelled.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { openEntries } from '../../tss-wasm/requests/entry.ts'
import { locatorOf } from '../../tss-wasm/requests/mailbox.ts'
import type { Request } from '../../tss-wasm/requests/request.ts'
import {
  createdMs,
  entriesOf,
  hourMs,
  members,
  type Members,
  publicKey,
  rent,
  type Said,
} from '../../tss-wasm/test/requests/members.ts'
import { createMailroom, type WaitingRequest } from '../jobs/mailroom.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { script, testPorts } from './doubles.ts'

let who: Members
let wallet: WalletRecord

before(async () => {
  who = await members()
  wallet = {
    ...{ walletId: 'ab'.repeat(16), name: 'Board', state: 'active', sessionId: '', publicKey, threshold: 2, mySeat: 2 },
    seats: who.membership.members.map(({ seat, identity }) => ({ seat, label: `member ${seat}`, ...identity })),
    createdAtMs: 0,
  }
})

/** A coordinator that shows, under each id, whatever it is told to; every list is read to its end. */
async function shown(...lists: readonly (readonly { id: Uint8Array; entries: readonly Uint8Array[] }[])[]) {
  const { membership, mailbox } = who
  let current: readonly { id: Uint8Array; entries: readonly Uint8Array[] }[] = []
  const box: RequestBox = {
    membership,
    me: 2 as PartyId,
    read(id) {
      const { entries = [] } = current.find((one) => bytesToHex(one.id) === bytesToHex(id)) ?? {}
      return openEntries(entries, id, mailbox, membership)
    },
    ask: () => Promise.reject(new Error('nobody asks')),
    say: () => Promise.reject(new Error('nobody answers')),
    meet: () => Promise.reject(new Error('nobody signs')),
    tell: () => Promise.reject(new Error('nobody tells')),
    told: () => Promise.reject(new Error('nobody is told')),
  }
  const ports = testPorts(script())
  const stop = new AbortController()
  const mail = createMailroom({
    ...ports,
    now: () => createdMs + hourMs,
    shares: { ...ports.shares, list: () => Promise.resolve([wallet]) },
    requests: {
      open: () => Promise.resolve(box),
      boxOf: () => Promise.resolve(box),
      async *watch(_memberships, signal): AsyncGenerator<MailboxList, never> {
        for (const list of lists) {
          current = list
          yield create(MailboxListSchema, {
            locator: locatorOf(membership),
            requests: list.map(({ id, entries }) => ({ requestId: id, entries: entries.length })),
          })
          // The list is read before the next one comes.
          for (const { id } of list) await mail.look(wallet, id).catch(() => undefined)
        }
        stop.abort()
        return unlessCancelled(signal, new Promise<never>(() => undefined))
      },
    },
  })
  const read: WaitingRequest[] = []
  const onRead = (requests: readonly WaitingRequest[]) => read.push(...requests)
  await mail.watch({ onRead }, stop.signal).catch(() => undefined)
  return { mail, read }
}

const lies = async (request: Request, said: readonly Said[] = []) => ({
  id: request.id,
  entries: await entriesOf(who, request, said),
})
const nameOf = ({ id }: Request) => bytesToHex(id)

describe('a device that reads requests', () => {
  it('keeps what it has read once, whatever the coordinator shows of it later', async () => {
    const request = rent()
    const { mail } = await shown(
      [await lies(request, [{ seat: 3, says: { type: 'reject', by: 'person', reason: 'too dear' } }])],
      [await lies(request)],
    )
    assert.equal(mail.known(nameOf(request))?.state.members[2]?.reason, 'too dear')
  })

  it('takes no other request for one that it has read, under the same id', async () => {
    const request = rent()
    const { mail } = await shown(
      [await lies(request)],
      [await lies(rent({ note: 'Another purpose' }), [{ seat: 3, says: { type: 'approve' } }])],
    )
    const known = mail.known(nameOf(request))
    assert.equal(known?.opened.request.note, 'November')
    assert.deepEqual(known.state.approved, [1])
  })

  it('shows no card for what no member has written, or for an old request under a new id', async () => {
    const request = rent()
    const there = await lies(request)
    const { mail, read } = await shown([
      { id: new Uint8Array(16).fill(7), entries: [new Uint8Array(400)] },
      { id: new Uint8Array(16).fill(8), entries: there.entries },
      there,
    ])
    assert.ok(read.every(({ name }) => name === nameOf(request)))
    assert.equal(mail.known('07'.repeat(16)), undefined)
    assert.equal(mail.known('08'.repeat(16)), undefined)
    assert.ok(mail.known(nameOf(request)))
  })

  it('comes to the same whatever the order in which statements are shown', async () => {
    const request = rent()
    const said: readonly Said[] = [
      { seat: 2, says: { type: 'approve' } },
      { seat: 3, says: { type: 'reject', by: 'person', reason: 'no' } },
    ]
    const [one, other] = [
      await shown([await lies(request, said)]),
      await shown([await lies(request, said.toReversed())]),
    ]
    const stateIn = ({ mail }: typeof one) => mail.known(nameOf(request))?.state.members
    assert.deepEqual(stateIn(one), stateIn(other))
  })

  it('tells of a request that is withdrawn as that, and not as open, after the coordinator hides it', async () => {
    const request = rent()
    const { mail } = await shown(
      [await lies(request, [{ seat: 1, says: { type: 'withdraw' } }])],
      [await lies(request)],
    )
    assert.equal(mail.known(nameOf(request))?.state.stage, 'withdrawn')
  })
})
