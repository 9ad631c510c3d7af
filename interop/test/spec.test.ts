import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { keygenTable, signTable } from '../../tss-wasm/protocols/messages.ts'

/** Others write their parties from that table: it says what our engine does. */
it('SPEC.md lists the rounds that there are, in their order, and how each travels', () => {
  const spec = readFileSync(join(import.meta.dirname, '..', '..', 'tss-wasm', 'SPEC.md'), 'utf8')
  const rows = [...spec.matchAll(/^\| `((?:keygen|sign) \d: [^`]+)` *\| (\w+) *\| (everyone|each) *\| (yes)? *\|$/gm)]
  const listed = rows.map(([, name, , to, echoed]) => [name, to, echoed === 'yes'])
  const built = [...keygenTable, ...signTable].map((round) => {
    const isBroadcast = round.kind === 'broadcast'
    return [round.name, isBroadcast ? 'everyone' : 'each', isBroadcast && round.echoed === true]
  })
  assert.deepEqual(listed, built)
})
