import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { historyForBackup, longestHistory, readHistory, restoreHistory, writeHistory } from '../jobs/historyBackup.ts'
import type { HistoryEntry, HistoryStore } from '../platform/historyStore.ts'

const walletId = 'ab'.repeat(16)
const atMs = Date.UTC(2026, 10, 30, 12)
const requestNamed = (name: string): NonNullable<HistoryEntry['request']> => ({
  ...{ name, note: 'The office', createdMs: atMs - 1000, expiresMs: atMs + 1000, signers: [undefined, 'Ben'] },
  answers: [
    { label: undefined, answer: 'approved', atMs: atMs - 1000 },
    { label: 'Eva', answer: 'rejected', atMs, by: 'person', reason: 'too dear' },
    { label: 'server-1', answer: 'none' },
  ],
  transaction: '0x34',
})
const message = (text: string): HistoryEntry['content'] => ({ type: 'ethereum-message', message: utf8ToBytes(text) })
const signed: HistoryEntry = {
  ...{ walletId, atMs, content: message('Pay the rent'), askedBy: undefined, others: ['Ben'] },
  end: { type: 'signed', result: '0x12', transactionHash: undefined },
  request: requestNamed('cd'.repeat(16)),
}
const failed: HistoryEntry = {
  ...{ walletId, atMs: atMs - 1, content: { type: 'raw-digest', digest: new Uint8Array(32).fill(7) } },
  ...{ askedBy: 'Ben', others: [] },
  end: { type: 'failed', failure: { kind: 'timed-out', waitingFor: [], round: 'mta', waitedMs: 5 }, mayBeSigned: true },
}
const withdrawn: HistoryEntry = {
  ...{ walletId, atMs: atMs - 2, askedBy: 'Ben', others: [], end: { type: 'withdrawn' } },
  content: { type: 'batch', items: [{ type: 'ethereum-message', message: utf8ToBytes('one') }] },
}
const entries = [signed, failed, withdrawn]

function store(...kept: HistoryEntry[]): HistoryStore & { readonly kept: HistoryEntry[] } {
  return {
    kept,
    add: (entry) => Promise.resolve(void kept.push(entry)),
    of: (wallet, most) =>
      Promise.resolve(
        kept
          .filter((entry) => entry.walletId === wallet)
          .sort((a, b) => b.atMs - a.atMs)
          .slice(0, most),
      ),
  }
}

/** One entry as it is written, with something else in it. */
function changed(change: (fields: Record<string, unknown>) => void): string {
  const [fields] = JSON.parse(writeHistory([signed]) ?? '') as [Record<string, unknown>]
  change(fields)
  return JSON.stringify([fields])
}

describe('the history in a backup', () => {
  it('reads back as it was, every kind of content and end', () => {
    assert.deepEqual(readHistory(walletId, writeHistory(entries) ?? ''), entries)
  })

  it('is that of its wallet alone, and nothing where nothing was asked', async () => {
    const history = store({ ...signed, walletId: 'ef'.repeat(16) }, failed)
    assert.deepEqual(readHistory(walletId, (await historyForBackup(history, walletId)) ?? ''), [failed])
    assert.equal(await historyForBackup(store(), walletId), undefined)
  })

  it('comes to a device that has none, and leaves alone what a device has', async () => {
    const text = writeHistory(entries) ?? ''
    const empty = store()
    await restoreHistory(empty, walletId, text)
    assert.deepEqual(await empty.of(walletId, 9), entries)
    const here: HistoryEntry = { ...signed, end: { type: 'signed', result: '0x99', transactionHash: undefined } }
    const some = store(here, failed)
    await restoreHistory(some, walletId, text)
    assert.deepEqual(await some.of(walletId, 9), [here, failed, withdrawn])
  })

  it('keeps the newest where not all fit', () => {
    const long = (i: number): HistoryEntry => ({ ...withdrawn, atMs: i, content: message('x'.repeat(30_000)) })
    const many = Array.from({ length: 20 }, (_, i) => long(20 - i))
    const text = writeHistory(many) ?? ''
    const read = readHistory(walletId, text)
    assert.ok(text.length <= longestHistory)
    assert.deepEqual(read, many.slice(0, read.length))
    assert.ok(read.length > 1 && read.length < many.length)
  })

  it('leaves out evidence, which is a file of its own', () => {
    const failure = { kind: 'misbehaviour', culprits: [], check: 'proposal is of this session' } as const
    const entry: HistoryEntry = {
      ...failed,
      end: { type: 'failed', failure: { ...failure, evidence: new Uint8Array(9) } },
    }
    assert.deepEqual(readHistory(walletId, writeHistory([entry]) ?? ''), [
      { ...entry, end: { type: 'failed', failure } },
    ])
  })

  for (const [what, change] of [
    ['a content of no kind', (fields: Record<string, unknown>) => (fields['content'] = { type: 'poem', lines: 'ff' })],
    ['a time that is none', (fields: Record<string, unknown>) => (fields['atMs'] = -1)],
    ['an end that is none', (fields: Record<string, unknown>) => (fields['end'] = { type: 'forgotten' })],
    [
      'a result with markup in it',
      (fields: Record<string, unknown>) => (fields['end'] = { type: 'signed', result: '<b>' }),
    ],
    ['a request without a name', (fields: Record<string, unknown>) => (fields['request'] = { note: '' })],
  ] as const) {
    it(`leaves out an entry with ${what}, and reads the others`, () => {
      const bad = JSON.parse(changed(change)) as unknown[]
      const good = JSON.parse(writeHistory([failed]) ?? '') as unknown[]
      assert.deepEqual(readHistory(walletId, JSON.stringify([...bad, ...good])), [failed])
    })
  }

  for (const [what, text] of [
    ['no JSON', 'history'],
    ['no list', '{}'],
    ['too long', `[${' '.repeat(longestHistory)}]`],
  ] as const) {
    it(`is nothing where its text is ${what}`, () => {
      assert.deepEqual(readHistory(walletId, text), [])
    })
  }

  it('shows what nobody sees of a name to nobody, and a reason of another version as unknown', () => {
    const hidden = changed((fields) => {
      fields['askedBy'] = 'B\u202een'
      fields['end'] = { type: 'failed', failure: { kind: 'misbehaviour', culprits: [], check: 'a check of tomorrow' } }
    })
    const [entry] = readHistory(walletId, hidden)
    assert.equal(entry?.askedBy, 'Ben')
    assert.deepEqual(entry.end, { type: 'failed', failure: { kind: 'refused', what: 'unknown', detail: '' } })
  })
})
