import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, it } from 'node:test'

const isDeep = process.env['DEEP'] === '1'

/** Runs a program of this folder in a process of its own. @returns its exit code and what it said */
async function ended(file: string, times?: number): Promise<{ code: number | null; said: string }> {
  const program = new URL(file, import.meta.url).pathname
  const child = spawn(process.execPath, [program, ...(times === undefined ? [] : [String(times)])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += String(part)))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said }
}

describe('workers that are ended in the middle of their work', () => {
  it('end nothing else of their process, however often', { timeout: 600_000 }, async () => {
    const times = isDeep ? 400 : 200
    const { code, said } = await ended('endedEngines.ts', times)
    assert.equal(code, 0, said.slice(0, 2000))
    assert.equal(said, `ended ${times}`)
  })

  it(
    'leave the other ceremonies of the process alone, at whatever message theirs was cancelled',
    { timeout: 1_800_000 },
    async () => {
      const times = isDeep ? 300 : 9
      const { code, said } = await ended('cancelledCeremonies.ts', times)
      assert.equal(code, 0, said.slice(0, 2000))
      assert.equal(said, `cancelled ${times}`)
    },
  )
})

if (isDeep)
  describe('the largest company there can be, twenty parties of whom eleven sign', () => {
    it(
      'makes a wallet and signs in one process, each party in a worker of its own',
      { timeout: 7_200_000 },
      async () => {
        const { code, said } = await ended('twentyParties.ts')
        assert.equal(code, 0, said.slice(0, 2000))
        assert.match(said, /^made in \d+ s, signed in \d+ s$/)
      },
    )
  })
