import assert from 'node:assert/strict'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { temporaryFolder } from '../../testkit/harness.ts'
import { type Charge, openLedger } from '../party/ledger.ts'
import { dayMs } from '../../tss-wasm/policy/policy.ts'

const now = 1_800_000_000_000
const free = () => [{ chainId: 1, amount: 5n }]

describe("a server party's ledger", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let path: string
  beforeEach(async () => {
    folder = await temporaryFolder()
    path = join(folder.path, 'ledger.json')
  })
  afterEach(() => folder[Symbol.asyncDispose]())

  /** The requests that a wallet is charged with, as a party sees them that has just started. */
  async function remembered(walletId = 'w', nowMs = now): Promise<readonly string[]> {
    const ledger = await openLedger(path, dayMs)
    let seen: readonly Charge[] = []
    const looking = ledger.charge({ request: 'a look', walletId }, nowMs, (earlier) => {
      seen = [...earlier]
      throw new Error('only looking')
    })
    await assert.rejects(looking, /only looking/)
    return seen.map(({ request }) => request)
  }

  it('reads the list that earlier versions wrote, and goes on in lines', async () => {
    const charge = (request: string) => ({ atMs: now, request, walletId: 'w', chainId: 1, amount: '7' })
    await writeFile(path, JSON.stringify([charge('a'), charge('b')], null, 1) + '\n')
    const ledger = await openLedger(path, dayMs)
    await ledger.charge({ request: 'c', walletId: 'w' }, now, (earlier) => {
      assert.deepEqual(
        earlier.map(({ amount }) => amount),
        [7n, 7n],
      )
      return free()
    })
    assert.deepEqual(await remembered(), ['a', 'b', 'c'])
    assert.match(await readFile(path, 'utf8'), /^(\{.*\}\n){3}$/)
  })

  it('keeps over a restart what was charged and what was given back', async () => {
    const ledger = await openLedger(path, dayMs)
    for (const request of ['a', 'b', 'c']) assert.ok(await ledger.charge({ request, walletId: 'w' }, now, free))
    assert.equal(
      await ledger.charge({ request: 'a', walletId: 'w' }, now, free),
      false,
      'once however often it is shown',
    )
    await ledger.giveBack('b')
    await ledger.giveBack('never charged')
    await ledger.charge({ request: 'x', walletId: 'other' }, now, free)
    assert.deepEqual(await remembered(), ['a', 'c'])
    assert.deepEqual(await remembered('other'), ['x'])
    assert.deepEqual(await remembered('w', now + dayMs), [], 'a day later nothing counts')
  })

  it('does not count a line that a crash cut short, and writes the next on a line of its own', async () => {
    const ledger = await openLedger(path, dayMs)
    await ledger.charge({ request: 'a', walletId: 'w' }, now, free)
    await writeFile(path, `${await readFile(path, 'utf8')}{"atMs":18000000`)
    assert.deepEqual(await remembered(), ['a'])
    await (await openLedger(path, dayMs)).charge({ request: 'b', walletId: 'w' }, now, free)
    assert.deepEqual(await remembered(), ['a', 'b'])
  })

  it('does not open when a complete line cannot be read, since a forgotten limit limits nothing', async () => {
    await (await openLedger(path, dayMs)).charge({ request: 'a', walletId: 'w' }, now, free)
    await writeFile(path, `{"atMs":1\n${await readFile(path, 'utf8')}`)
    await assert.rejects(openLedger(path, dayMs))
  })

  it('adds one line for a signature, however many the day has seen', async () => {
    const line = (at: number) => JSON.stringify({ atMs: now, request: `r${at}`, walletId: `w${at % 50}`, amount: '1' })
    await writeFile(path, Array.from({ length: 60_000 }, (_, at) => `${line(at)}\n`).join(''))
    const ledger = await openLedger(path, dayMs)
    const { size, ino } = await stat(path)
    let earlier = 0
    await ledger.charge({ request: 'one more', walletId: 'w7' }, now, (mine) => {
      earlier = mine.length
      return free()
    })
    const after = await stat(path)
    assert.equal(earlier, 1200)
    assert.ok(after.ino === ino && after.size - size < 200, `${after.size - size} bytes more`)
  })

  it('is written anew when most of its lines do not count any more', async () => {
    const lines = Array.from({ length: 3000 }, (_, at) => ({ atMs: now - dayMs, request: `r${at}`, walletId: 'w' }))
    await writeFile(path, lines.map((line) => `${JSON.stringify({ ...line, amount: '1' })}\n`).join(''))
    const ledger = await openLedger(path, dayMs)
    await ledger.charge({ request: 'a', walletId: 'w' }, now, free)
    // In its turn, and so after what came of the first.
    await ledger.charge({ request: 'b', walletId: 'w' }, now, free)
    assert.equal((await readFile(path, 'utf8')).split('\n').length, 3)
    assert.deepEqual(await remembered(), ['a', 'b'])
  })
})
