import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import { failureText } from '../app/ceremony/failureTexts.ts'
import { en } from '../app/texts/en.ts'
import { createWallet } from '../jobs/createWallet.ts'
import type { PendingStore } from '../platform/pendingStore.ts'
import { pinnedParty, script, testPorts } from './doubles.ts'

const full = new ProtocolAbort({ kind: 'refused', what: 'storage-full', detail: 'full' })

/** A pending store whose disk is full from its nth write on. */
function fullAt(nth: number, pending: PendingStore): PendingStore {
  let writes = 0
  return {
    ...pending,
    async put(session) {
      writes += 1
      if (writes >= nth) throw full
      await pending.put(session)
    },
  }
}

suite('a full disk while a wallet is created', () => {
  const places = ['the note that a session begins', 'the note that a share is made', 'the share'] as const
  for (const [i, place] of places.entries()) {
    test(`at ${place}: nothing is announced, no half wallet stays, and the person is told why`, async () => {
      const run = script((call) => {
        if (call === 'put' && place === 'the share') throw full
      })
      const ports = testPorts(run)
      const pending = place === 'the share' ? ports.pending : fullAt(i + 1, ports.pending)
      const form = {
        name: 'Family',
        threshold: 2,
        serverParties: [pinnedParty('server-1', 10), pinnedParty('server-2', 20)],
        passphrase: new Uint8Array(utf8ToBytes('quite a long phrase')),
      }
      const creating = createWallet({ ...ports, pending }, form, () => undefined, new AbortController().signal)
      await assert.rejects(creating, full)
      assert.deepEqual([ports.shelf.size, (await pending.all()).length], [0, 0])
      assert.ok(!run.log.includes('confirm'))
      assert.ok(run.log.includes('fail refused')) // the others do not wait in vain
      const { title, money } = failureText(full.failure, { kind: 'create', parties: String }, en)
      assert.equal(title, 'There is no space left')
      assert.match(money, /No wallet was created/)
    })
  }
})
