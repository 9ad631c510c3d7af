import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { keygenTable, reshareTable, signTable } from '../../tss-wasm/protocols/messages.ts'
import { buildGoParty } from '../goParty.ts'

/** Others write their parties from that table: it says what our engine does. */
it('SPEC.md lists the rounds that there are, in their order, and how each travels', () => {
  const spec = readFileSync(join(import.meta.dirname, '..', '..', 'tss-wasm', 'SPEC.md'), 'utf8')
  const rows = [...spec.matchAll(/^\| `((?:keygen|sign) \d: [^`]+)` *\| (\w+) *\| (everyone|each) *\| (yes)? *\|$/gm)]
  const listed = rows.map(([, name, , to, echoed]) => [name, to, echoed === 'yes'])
  const built = [...keygenTable, ...signTable].map((round) => {
    const isBroadcast = round.kind === 'broadcast'
    return [round.name, isBroadcast ? 'everyone' : 'each', isBroadcast && round.echoed !== undefined]
  })
  assert.deepEqual(listed, built)
})

it('RESHARING.md lists the rounds of resharing, who speaks and who listens', () => {
  const spec = readFileSync(join(import.meta.dirname, '..', '..', 'tss-wasm', 'RESHARING.md'), 'utf8')
  const rows = spec.matchAll(
    /^\| `(reshare \d: [^`]+)` *\| (\w+) *\| (\w+) to (\w+) *\| (everyone|each) *\| (yes)? *\|$/gm,
  )
  const listed = [...rows].map(([, name, , from, to, way, echoed]) => [name, from, to, way, echoed === 'yes'])
  const built = reshareTable.map((round) => {
    const isBroadcast = round.kind === 'broadcast'
    const isEchoed = isBroadcast && round.echoed === true
    return [round.name, round.route?.from, round.route?.to, isBroadcast ? 'everyone' : 'each', isEchoed]
  })
  assert.deepEqual(listed, built)
})

const { program, reason } = buildGoParty('v2.0.2')

it("the Go party's generated code is what proto/ says", { skip: program === undefined && reason }, () => {
  const party = join(import.meta.dirname, '..', 'party')
  const fresh = mkdtempSync(join(tmpdir(), 'quorate-interop-'))
  try {
    const buf = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'buf')
    const made = spawnSync(buf, ['generate', '--output', fresh], { cwd: party, encoding: 'utf8' })
    assert.equal(made.status, 0, made.stderr)
    const names = readdirSync(join(party, 'gen'))
    assert.deepEqual(readdirSync(join(fresh, 'gen')), names)
    for (const name of names) {
      const isSame = readFileSync(join(fresh, 'gen', name)).equals(readFileSync(join(party, 'gen', name)))
      assert.ok(isSame, `${name} is stale: npm run build:interop-proto`)
    }
  } finally {
    rmSync(fresh, { recursive: true })
  }
})
