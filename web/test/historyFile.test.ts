import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { historyCsv, historyJson, historyRows } from '../app/wallet/historyFile.ts'
import { en } from '../app/texts/en.ts'
import type { HistoryEntry } from '../platform/historyStore.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { pinnedParty } from './doubles.ts'

const wallet: WalletRecord = {
  ...{
    walletId: 'ab'.repeat(16),
    name: 'Board',
    state: 'active',
    sessionId: '',
    publicKey: new Uint8Array(33).fill(2),
  },
  ...{ threshold: 2, mySeat: 1, createdAtMs: 0 },
  seats: [
    { seat: 1, label: 'Board', name: 'Ana', ...pinnedParty('', 1).identity },
    { seat: 2, label: 'Ben', ...pinnedParty('', 10).identity },
    { seat: 3, label: '=HYPERLINK("x")', ...pinnedParty('', 20).identity },
  ],
}
const atMs = Date.UTC(2026, 10, 30, 12)
const entry: HistoryEntry = {
  walletId: wallet.walletId,
  atMs,
  content: { type: 'ethereum-message', message: utf8ToBytes('Pay the "rent", now') },
  askedBy: undefined,
  others: ['Ben'],
  end: { type: 'signed', result: '0x12', transactionHash: undefined },
  request: {
    ...{
      name: 'cd'.repeat(16),
      note: '=1+1',
      createdMs: atMs - 1000,
      expiresMs: atMs + 1000,
      signers: [undefined, 'Ben'],
    },
    answers: [
      { label: undefined, answer: 'approved', atMs: atMs - 1000 },
      { label: 'Ben', answer: 'approved', atMs },
      { label: '=HYPERLINK("x")', answer: 'rejected', atMs, by: 'person', reason: 'too dear' },
    ],
  },
}

describe('the history as a file', () => {
  const rows = historyRows(wallet, [entry], en)

  it('names who signed, and what every member said and when, by the names that all members know', () => {
    const [row] = rows
    assert.deepEqual(row?.signers, ['Ana', 'Ben'])
    assert.deepEqual(
      row.members.map(({ name, answer, reason }) => [name, answer, reason]),
      [
        ['Ana', 'approved', ''],
        ['Ben', 'approved', ''],
        ['=HYPERLINK("x")', 'rejected', 'too dear'],
      ],
    )
    assert.equal(row.members[1]?.time, '2026-11-30T12:00:00.000Z')
  })

  it('is CSV that no spreadsheet runs: words of others begin no formula, quotes and commas stay in their cells', () => {
    const [head = '', line = ''] = historyCsv(rows).split('\r\n')
    assert.match(head, /^time,result,what,note,recipient,amount/)
    assert.ok(line.startsWith('2026-11-30T12:00:00.000Z,signed,"Message: “Pay the ""rent"", now”","\'=1+1",'), line)
    assert.ok(line.includes('Ana; Ben'), line)
    assert.ok(line.includes('rejected 2026-11-30T12:00:00.000Z (too dear)'), line)
  })

  it('is JSON with the wallet that it is of', () => {
    const read = JSON.parse(historyJson(wallet, rows)) as { wallet: string; entries: { note: string }[] }
    assert.equal(read.wallet, 'Board')
    assert.equal(read.entries[0]?.note, '=1+1')
  })
})
