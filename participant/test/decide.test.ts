import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { decide, type Situation } from '../share/decide.ts'

/** The columns of the table in SPEC 8.2: what stands in a cell, for each value of the field. */
const columns = {
  coordinator: { answers: 'answers', forgot: 'forgot', silent: 'silent' },
  share: { none: 'none', stored: 'stored' },
  mayHaveLeft: { no: false, yes: true },
  isLive: { no: false, yes: true },
  ours: { missing: 'missing', sent: 'sent', there: 'there' },
  allConfirmed: { no: false, yes: true },
  withdrawn: { no: 'no', lately: 'lately', 'long ago': 'long ago' },
} as const satisfies { readonly [Field in keyof Situation]: Readonly<Record<string, Situation[Field]>> }
const fields = Object.keys(columns) as readonly (keyof Situation)[]

interface Row {
  readonly cells: readonly string[]
  readonly then: string
}

function rowsOf(spec: string): readonly Row[] {
  const section = spec.slice(spec.indexOf('### 8.2 '), spec.indexOf('### 8.3 '))
  const lines = section.split('\n').filter((line) => line.startsWith('|'))
  return lines.slice(2).map((line) => {
    const cells = line.split('|').map((cell) => cell.trim())
    return { cells: cells.slice(1, -2), then: cells.at(-2) ?? '' }
  })
}

const rows = rowsOf(readFileSync(new URL('../../tss-wasm/SPEC.md', import.meta.url), 'utf8'))

/** Every situation, as the cells of the table name it. */
const all = fields.reduce<readonly (readonly string[])[]>(
  (begun, field) => begun.flatMap((cells) => Object.keys(columns[field]).map((cell) => [...cells, cell])),
  [[]],
)
const situationOf = (cells: readonly string[]) =>
  Object.fromEntries(
    fields.map((field, at) => [field, (columns[field] as Readonly<Record<string, unknown>>)[cells[at] ?? '']]),
  ) as unknown as Situation
const fits = (row: Row, cells: readonly string[]) => row.cells.every((cell, at) => cell === 'any' || cell === cells[at])

describe('what is decided about a share that is pending', () => {
  it('is what the first row of SPEC 8.2 that fits says, in each of the 432 situations', () => {
    assert.equal(all.length, 432)
    for (const cells of all) {
      const row = rows.find((each) => fits(each, cells))
      assert.equal(decide(situationOf(cells)), row?.then, cells.join(' | '))
    }
  })

  it('has no row in SPEC 8.2 that says nothing, and none with a word that no situation knows', () => {
    const deciding = new Set(all.map((cells) => rows.findIndex((row) => fits(row, cells))))
    assert.deepEqual(
      [...deciding].sort(),
      rows.map((_, at) => at),
    )
    for (const { cells } of rows) {
      assert.equal(cells.length, fields.length)
      for (const [at, field] of fields.entries()) {
        const cell = cells[at] ?? ''
        assert.ok(cell === 'any' || Object.hasOwn(columns[field], cell), `${field}: ${cell}`)
      }
    }
  })

  it('never discards a share that all n may count on', () => {
    for (const now of all.map(situationOf)) {
      const action = decide(now)
      if (action === 'withdraw') assert.ok(!now.mayHaveLeft)
      if (action === 'discard') assert.ok(!now.mayHaveLeft || now.withdrawn === 'long ago')
      if (action === 'activate') assert.ok(now.share === 'stored' && now.allConfirmed && now.ours === 'there')
    }
  })

  it('comes to an end: what was just sent is not sent once more', () => {
    for (const now of all.map(situationOf)) {
      const action = decide(now)
      if (action !== 'send' && action !== 'mark and send') continue
      const next = decide({ ...now, mayHaveLeft: true, ours: 'sent' })
      assert.ok(next !== 'send' && next !== 'mark and send' && next !== 'withdraw', next)
    }
  })
})
