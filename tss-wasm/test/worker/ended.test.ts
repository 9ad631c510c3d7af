import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, it } from 'node:test'

describe('workers that are ended in the middle of their work', () => {
  it('end nothing else of their process, however often', { timeout: 600_000 }, async () => {
    const ends = process.env['DEEP'] === '1' ? '400' : '60'
    const program = new URL('endedEngines.ts', import.meta.url).pathname
    const child = spawn(process.execPath, [program, ends], { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += String(part)))
    const [code] = (await once(child, 'close')) as [number | null]
    assert.equal(code, 0, said.slice(0, 2000))
    assert.equal(said, `ended ${ends}`)
  })
})
