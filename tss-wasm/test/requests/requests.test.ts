import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { before, describe, it } from 'node:test'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { systemRandom } from '../../random.ts'
import { openEntries, type OpenedRequest, sealRequest } from '../../requests/entry.ts'
import { locatorOf, openMailboxKey } from '../../requests/mailbox.ts'
import { decodeRequest, encodeRequest, isBegun, longestLifeMs, requestHash } from '../../requests/request.ts'
import { knownOf, stateOf, statesOf } from '../../requests/state.ts'
import { decodeStatement, encodeStatement, type Says } from '../../requests/statement.ts'
import {
  createdMs,
  entriesOf,
  hourMs,
  members,
  type Members,
  openedOf,
  rent,
  type Said,
  signaturesOf,
  signedBy,
} from './members.ts'

/** An EIP-1559 transaction of the main network: nonce 7, 1 ether. */
const payment = (nonce: string, value: string) => ({
  type: 'ethereum-transaction' as const,
  unsigned: hexToBytes(
    `02f001${nonce}843b9aca008502540be400825208943535353535353535353535353535353535353535${value}80c0`,
  ),
})
const oneEther = '880de0b6b3a7640000'
const twoEther = '881bc16d674ec80000'

let who: Members

before(async () => {
  who = await members((length) => new Uint8Array(length).fill(7))
})

const approve: Says = { type: 'approve' }
const reject = (reason: string, by: 'person' | 'policy' | 'machine' = 'person'): Says => ({
  type: 'reject',
  by,
  reason,
})
const soon = createdMs + hourMs
const state = (opened: OpenedRequest, nowMs = soon) => stateOf(opened, who.membership, nowMs)
const stageAfter = async (...said: Said[]) => state(await openedOf(who, rent(), said)).stage

describe('a request as it waits', () => {
  it('has the vectors of SPEC 11.6', async () => {
    const spec = await readFile(new URL('../../SPEC.md', import.meta.url), 'utf8')
    const bytes = encodeRequest(rent())
    const { locator, access, id } = who.mailbox
    const fixed = { ...who.mailbox }
    const entry = await sealRequest(rent(), fixed, who.identity(1), (length) => new Uint8Array(length).fill(9))
    for (const [what, value] of Object.entries({
      request: new TextDecoder().decode(bytes),
      hash: bytesToHex(requestHash(bytes)),
      locator: bytesToHex(locator),
      record: bytesToHex(sha256(who.keyRecord)),
      access: bytesToHex(access),
      id: bytesToHex(id),
      entry: bytesToHex(sha256(entry)),
    })) {
      assert.ok(spec.includes(`\`${value}\``), `${what}: ${value}`)
    }
  })

  it('reads what was written, and a statement of each kind', () => {
    const request = rent({ epoch: 3, path: [0, 7], replaces: new Uint8Array(16).fill(2) })
    assert.deepEqual(decodeRequest(encodeRequest(request)), request)
    const kinds: Says[] = [
      approve,
      reject('too much'),
      { type: 'withdraw' },
      signedBy(rent(), [1, 3]),
      { type: 'failed', culprits: [], reason: 'nobody came' },
      { type: 'sent', transaction: `0x${'ab'.repeat(32)}` },
    ]
    for (const says of kinds) {
      const statement = { request: new Uint8Array(32), seat: 2, atMs: 1, knows: [new Uint8Array(32)], says } as never
      assert.deepEqual(decodeStatement(encodeStatement(statement)), statement)
    }
  })

  it('is refused, with the part that is wrong, in any other form', () => {
    const text = new TextDecoder().decode(encodeRequest(rent()))
    const changed: [string, string, RegExp][] = [
      ['{"protocol"', '{ "protocol"', /canonical form/],
      ['"from":1', '"from":21', /from/],
      ['"note":"November"', '"note":"a\u202eb"', /note/],
      ['"note":"November"', `"note":"${'a'.repeat(281)}"`, /note/],
      [`"expiresMs":${createdMs + 24 * hourMs}`, `"expiresMs":${createdMs + longestLifeMs + 1}`, /7 days/],
      [`"expiresMs":${createdMs + 24 * hourMs}`, `"expiresMs":${createdMs}`, /ends after it begins/],
      ['"kind":"request"', '"kind":"request","origin":"x"', /origin|nrecognized/],
      ['quorate/2', 'quorate/3', /protocol/],
    ]
    for (const [before, after, error] of changed) {
      assert.ok(text.includes(before), before)
      assert.throws(() => decodeRequest(utf8ToBytes(text.replace(before, after))), {
        name: 'RangeError',
        message: error,
      })
    }
    assert.throws(() => decodeRequest(new Uint8Array(256 * 1024 + 1)), /at most 262144 bytes/)
    assert.throws(() => decodeRequest(Uint8Array.of(0xff)), /UTF-8 JSON/)
  })

  it('tells nobody its size to the byte', async () => {
    const sizes = new Set<number>()
    for (const note of ['', 'a', 'ab', 'abc']) {
      sizes.add((await sealRequest(rent({ note }), who.mailbox, who.identity(1), systemRandom)).length)
    }
    assert.equal(sizes.size, 1)
  })

  it('is not believed to be of tomorrow', () => {
    assert.equal(isBegun(rent(), createdMs - 60_000), true)
    assert.equal(isBegun(rent(), createdMs - hourMs), false)
  })
})

describe('the state of a request', () => {
  it('counts whoever asks, and is ready once t have approved', async () => {
    const asked = state(await openedOf(who, rent()))
    assert.deepEqual([asked.stage, asked.approved, asked.needed], ['open', [1], 1])
    const approved = state(await openedOf(who, rent(), [{ seat: 3, says: approve }]))
    assert.deepEqual([approved.stage, approved.approved, approved.needed], ['ready', [1, 3], 0])
    assert.deepEqual(approved.members[2], { seat: 3, answer: 'approved', atMs: createdMs + 3000 })
  })

  it('keeps a no, with its reason, and ends when so many say it that t cannot be reached', async () => {
    const one = state(await openedOf(who, rent(), [{ seat: 2, says: reject('not this month') }]))
    assert.equal(one.stage, 'open')
    assert.deepEqual(one.members[1], {
      ...{ seat: 2, answer: 'rejected', atMs: createdMs + 2000 },
      ...{ by: 'person', reason: 'not this month' },
    })
    const two = [
      { seat: 2, says: reject('no') },
      { seat: 3, says: reject('above 1 ether a day', 'policy') },
    ]
    const end = state(await openedOf(who, rent(), two))
    assert.equal(end.stage, 'rejected')
    assert.deepEqual(end.ended, { by: 3, atMs: createdMs + 3000 })
  })

  it('counts a member that approves on two devices once, and one that says yes and no as no', async () => {
    const twice = state(
      await openedOf(who, rent({ from: 2 as never }), [
        { seat: 3, says: approve, atMs: createdMs + 1 },
        { seat: 3, says: approve, atMs: createdMs + 2 },
      ]),
    )
    assert.deepEqual(twice.approved, [2, 3])
    const both = [
      { seat: 2, says: approve, atMs: createdMs + 9 },
      { seat: 2, says: reject('second thoughts'), atMs: createdMs + 1 },
    ]
    assert.deepEqual(state(await openedOf(who, rent(), both)).approved, [1])
  })

  it('ends withdrawn, expired, signed and sent, and a signature outweighs them all', async () => {
    assert.equal(await stageAfter({ seat: 1, says: { type: 'withdraw' } }), 'withdrawn')
    assert.equal(state(await openedOf(who, rent()), createdMs + 24 * hourMs).stage, 'expired')
    const signed = { seat: 3, says: signedBy(rent(), [1, 3]) }
    const sent = { seat: 1, says: { type: 'sent', transaction: 'ab'.repeat(32) } as const }
    assert.equal(await stageAfter(signed, { seat: 1, says: { type: 'withdraw' } }), 'signed')
    assert.equal(state(await openedOf(who, rent(), [signed]), createdMs + 48 * hourMs).stage, 'signed')
    const end = state(await openedOf(who, rent(), [sent, signed]))
    assert.deepEqual([end.stage, end.transaction, end.signed?.signers], ['sent', 'ab'.repeat(32), [1, 3]])
    assert.equal(await stageAfter(sent), 'open') // nothing is sent that is not signed
  })

  it('is the same in whatever order, and however often, statements come', async () => {
    const said = [
      { seat: 2, says: approve },
      { seat: 3, says: reject('no') },
      { seat: 2, says: { type: 'failed', culprits: [], reason: 'nobody came' } as const },
      { seat: 1, says: { type: 'withdraw' } as const },
    ]
    const [request = new Uint8Array(), ...rest] = await entriesOf(who, rent(), said)
    const read = async (entries: readonly Uint8Array[]) =>
      state(await openEntries([request, ...entries], rent().id, who.mailbox, who.membership))
    const expected = await read(rest)
    assert.deepEqual(await read(rest.toReversed()), expected)
    assert.deepEqual(await read([...rest.slice(2), ...rest, ...rest]), expected)
  })

  it('shows requests with one nonce as alternatives, and ends the other when one is signed', async () => {
    const id = (byte: number) => new Uint8Array(16).fill(byte)
    const first = rent({ content: payment('07', oneEther), id: id(1) })
    const second = rent({ content: payment('07', twoEther), id: id(2), from: 2 as never })
    const later = rent({ content: payment('08', oneEther), id: id(3) })
    const open = await Promise.all([first, second, later].map((request) => openedOf(who, request)))
    const stages = (all: readonly OpenedRequest[]) =>
      [...statesOf(all, who.membership, soon).values()].map(({ stage, alternatives }) => [stage, alternatives.length])
    assert.deepEqual(stages(open), [
      ['open', 1],
      ['open', 1],
      ['open', 0],
    ])
    const signed = await openedOf(who, second, [{ seat: 3, says: signedBy(second, [2, 3]) }])
    assert.deepEqual(stages([open[0], signed, open[2]] as OpenedRequest[]), [
      ['replaced', 1],
      ['signed', 1],
      ['open', 0],
    ])
  })

  it('stays open where it names the signed one whose nonce it takes: a payment that waits is sped up or cancelled so', async () => {
    const sent = rent({ content: payment('07', oneEther) })
    const signed = await openedOf(who, sent, [{ seat: 3, says: signedBy(sent, [1, 3]) }])
    const faster = { content: payment('07', twoEther), id: new Uint8Array(16).fill(2), replaces: sent.id }
    const mine = await openedOf(who, rent(faster))
    const others = await openedOf(who, rent({ ...faster, from: 2 as never }))
    const stages = (one: OpenedRequest) =>
      [signed, one].map((each) => statesOf([signed, one], who.membership, soon).get(each)?.stage)
    assert.deepEqual(stages(mine), ['signed', 'open'])
    assert.deepEqual(stages(others), ['signed', 'replaced'], 'a name in another member’s mouth')
  })

  it('ends with a request of the same member that names it as replaced, and with nobody else’s', async () => {
    const old = await openedOf(who, rent())
    const next = { id: new Uint8Array(16).fill(9), replaces: rent().id }
    const mine = await openedOf(who, rent(next))
    const others = await openedOf(who, rent({ ...next, from: 2 as never }))
    assert.equal(statesOf([old, mine], who.membership, soon).get(old)?.stage, 'replaced')
    assert.equal(statesOf([old, others], who.membership, soon).get(old)?.stage, 'open')
  })
})

describe('what the coordinator can do to a request', () => {
  const read = (entries: readonly Uint8Array[], id = rent().id) => openEntries(entries, id, who.mailbox, who.membership)

  it('cannot read it', async () => {
    const [entry = new Uint8Array()] = await entriesOf(who, rent(), [])
    const stored = Buffer.from(entry).toString('latin1')
    for (const secret of ['Pay the rent', 'November', Buffer.from(rent().publicKey).toString('latin1')]) {
      assert.equal(stored.includes(secret), false)
    }
  })

  it('cannot show an old request under a new id', async () => {
    const entries = await entriesOf(who, rent(), [])
    await assert.rejects(read(entries, new Uint8Array(16).fill(3)), /opens under the key of the mailbox/)
  })

  it('cannot pass off a member’s statement on one request as one on another', async () => {
    const other = rent({ id: new Uint8Array(16).fill(3) })
    const [, approval = new Uint8Array()] = await entriesOf(who, other, [{ seat: 3, says: approve }])
    const [request = new Uint8Array()] = await entriesOf(who, rent(), [])
    const opened = await read([request, approval])
    assert.deepEqual([opened.statements, opened.leftOut.length], [[], 1])
  })

  it('cannot swap the key of the mailbox for one that it knows', async () => {
    const { membership, keyRecord } = who
    const stranger = await members()
    const forged = keyRecord.slice()
    forged[40] = (forged[40] ?? 0) ^ 1
    const open = (record: Uint8Array) => openMailboxKey(record, membership, 2 as never, who.identity(2))
    await assert.rejects(open(forged), /signed by a member/)
    await assert.rejects(open(keyRecord.subarray(0, 50)), /cut short/)
    await assert.rejects(open(new Uint8Array(3000)), /at most 2048 bytes/)
    // One that a member has made for another epoch of the wallet.
    const later = { ...stranger.membership, epoch: 1 }
    await assert.rejects(openMailboxKey(keyRecord, later, 2 as never, who.identity(2)), /signed by a member/)
    assert.notDeepEqual(locatorOf(later), locatorOf(membership))
  })

  it('is noticed to keep a statement back once somebody speaks who has read it', async () => {
    const before = await openedOf(who, rent(), [{ seat: 3, says: reject('no') }])
    const said = [
      { seat: 3, says: reject('no') },
      { seat: 2, says: approve, knows: knownOf(before) },
    ]
    const [request = new Uint8Array(), no = new Uint8Array(), yes = new Uint8Array()] = await entriesOf(
      who,
      rent(),
      said,
    )
    assert.equal(state(await read([request, no, yes])).withheld, 0)
    const short = state(await read([request, yes]))
    assert.equal(short.withheld, 1)
  })

  it('gets nothing signed by keeping approvals back: t members have to approve', async () => {
    const [request = new Uint8Array()] = await entriesOf(who, rent(), [{ seat: 3, says: approve }])
    assert.equal(state(await read([request])).stage, 'open')
  })
})

describe('what a member can do to a request of others', () => {
  it('cannot ask, approve or reject in another’s name', async () => {
    const forged = await openedOf(who, rent(), [
      { seat: 3, says: approve, by: 2 },
      { seat: 3, says: reject('no'), by: 2 },
    ])
    assert.deepEqual(forged.leftOut, Array<string>(2).fill('statement: is signed by the member that it names'))
    const entry = await sealRequest(rent(), who.mailbox, who.identity(2), systemRandom)
    await assert.rejects(
      openEntries([entry], rent().id, who.mailbox, who.membership),
      /signed by the member that it names/,
    )
  })

  it('cannot withdraw it, or say that it is signed when it is not', async () => {
    const signatures = signaturesOf(rent({ content: { type: 'ethereum-message', message: utf8ToBytes('else') } }))
    const opened = await openedOf(who, rent(), [
      { seat: 2, says: { type: 'withdraw' } },
      { seat: 2, says: { type: 'signed', signatures, signers: [1, 2] as never } },
    ])
    assert.deepEqual(opened.leftOut, [
      'statement: a request is withdrawn by whoever asked',
      'statement: has the signatures of the request',
    ])
    assert.equal(state(opened).stage, 'open')
  })

  it('cannot ask for a content that nobody can be shown, for another wallet, or with shares of another epoch', async () => {
    const bad: [Parameters<typeof rent>[0], RegExp][] = [
      [{ content: { type: 'ethereum-transaction', unsigned: Uint8Array.of(1) } }, /content that decodes/],
      [
        { publicKey: who.identity(1).public.signingKey.length === 32 ? new Uint8Array(33).fill(2) : undefined },
        /this wallet/,
      ],
      [{ epoch: 1 }, /this epoch/],
    ] as never
    for (const [changes, error] of bad) await assert.rejects(openedOf(who, rent(changes)), error)
  })
})
