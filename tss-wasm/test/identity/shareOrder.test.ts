import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { ProtocolAbort } from '../../failure.ts'
import { createIdentity } from '../../identity/identity.ts'
import { mustBeGiven, mustBeVouched, vouchForKey, vouchForShare } from '../../identity/shareHost.ts'
import { readShareOrder, writeShareOrder } from '../../identity/shareOrder.ts'

const refusedFor = (reason: RegExp) => (error: unknown) =>
  error instanceof ProtocolAbort && error.failure.kind === 'refused' && reason.test(error.message)

suite('an order that carries a share', () => {
  const session = new Uint8Array(16).fill(7)
  const paying = (text: string) =>
    ({
      kind: 'sign',
      publicKey: new Uint8Array(33).fill(2),
      content: { type: 'ethereum-message', message: utf8ToBytes(text) },
    }) as const
  const milk = { session, proposal: paying('milk') }
  const share = concatBytes(utf8ToBytes('quorate-user-share\0'), Uint8Array.of(1), new Uint8Array(40).fill(3))

  test('gives the share out for what it was sent for', () => {
    assert.deepEqual(new Uint8Array(readShareOrder(writeShareOrder(milk, share), milk)), new Uint8Array(share))
  })

  test('gives it out for nothing else, and overwrites it then', () => {
    for (const [wanted, reason] of [
      [{ ...milk, proposal: paying('gin') }, /sent to sign something else/],
      [{ ...milk, session: new Uint8Array(16) }, /sent for another session/],
      [{ ...milk, proposal: { ...paying('milk'), path: [0, 1] } }, /sent to sign something else/],
      [{ ...milk, proposal: { ...paying('milk'), publicKey: new Uint8Array(33).fill(3) } }, /to sign something else/],
    ] as const) {
      const bytes = writeShareOrder(milk, share)
      assert.throws(() => readShareOrder(bytes, wanted), refusedFor(reason))
      assert.ok(bytes.every((byte) => byte === 0))
    }
  })

  test('is refused with a word of why when it is older, newer, cut short or something else', () => {
    const order = writeShareOrder(milk, share)
    for (const [bytes, reason] of [
      [share, /does not say what it is for; send it in an order of version 1/],
      [order.with(20, 2), /of a version this program does not know/],
      [order.slice(0, 50), /cut short/],
      [new Uint8Array(300), /it is no order/],
    ] as const) {
      assert.throws(() => readShareOrder(new Uint8Array(bytes), milk), refusedFor(reason))
    }
  })
})

suite('what a coordinator gives to a user through a back-end', () => {
  const recipient = `age1${'q'.repeat(58)}`
  const key = { keyId: new Uint8Array(16).fill(1), recipient, expiresAtMs: 300_123 }
  const given = {
    session: new Uint8Array(16).fill(7),
    publicKey: new Uint8Array(33).fill(2),
    recipient,
    file: '-----BEGIN AGE ENCRYPTED FILE-----\n',
  }

  test('is believed by the pinned key only: not a key of the back-end, nor one under another name or time', async () => {
    const [host, backend] = [await createIdentity(), await createIdentity()]
    const pinned = host.public.signingKey
    const signature = await vouchForKey(key, host)
    await mustBeVouched(key, signature, pinned, 0)
    const notSigned = refusedFor(/not signed by the coordinator that is pinned/)
    await assert.rejects(mustBeVouched(key, await vouchForKey(key, backend), pinned, 0), notSigned)
    for (const other of [
      { recipient: recipient.replace('q', 'p') },
      { keyId: new Uint8Array(16) },
      { expiresAtMs: key.expiresAtMs + 1 },
    ]) {
      await assert.rejects(mustBeVouched({ ...key, ...other }, signature, pinned, 0), notSigned)
    }
    await assert.rejects(mustBeVouched(key, signature, pinned, 300_123), refusedFor(/has expired/))
  })

  test('and a share that somebody else could read is not confirmed', async () => {
    const [host, backend] = [await createIdentity(), await createIdentity()]
    const pinned = host.public.signingKey
    await mustBeGiven(given, await vouchForShare(given, host), pinned)
    const notGiven = refusedFor(/not made for this recipient/)
    const toBackend = await vouchForShare({ ...given, recipient: recipient.replace('q', 'p') }, host)
    await assert.rejects(mustBeGiven(given, toBackend, pinned), notGiven)
    await assert.rejects(mustBeGiven(given, await vouchForShare(given, backend), pinned), notGiven)
    const signature = await vouchForShare(given, host)
    await assert.rejects(mustBeGiven({ ...given, file: `${given.file} ` }, signature, pinned), notGiven)
    await assert.rejects(mustBeGiven({ ...given, session: new Uint8Array(16) }, signature, pinned), notGiven)
    await assert.rejects(mustBeVouched(key, signature, pinned, 0), 'nor does one signature stand for the other')
  })
})
