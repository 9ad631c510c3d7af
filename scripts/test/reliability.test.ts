import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { written } from '../reliabilityTable.ts'

const root = join(import.meta.dirname, '..', '..')
const page = readFileSync(join(root, 'docs', 'RELIABILITY.md'), 'utf8')

it('docs/RELIABILITY.md shows the figures that the rigs left', async () => {
  assert.equal(page, await written(page), 'run: node scripts/reliabilityTable.ts')
})

it('every file and command that it names is there', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  for (const [, name = ''] of page.matchAll(/`npm run ([\w:-]+)/g)) assert.ok(name in scripts, `npm run ${name}`)
  for (const [, path = ''] of page.matchAll(/`([\w./-]+\/[\w./-]+)`/g)) assert.ok(existsSync(join(root, path)), path)
})

it('a report without a place on the page is an error, not left out', async () => {
  const report = { command: 'npm run x', measured: '', columns: ['a'], rows: [] }
  await assert.rejects(written('# Page\n', { other: report }), /no place for other/)
})
