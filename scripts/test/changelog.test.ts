import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { formatsOfTheCode, unlistedFormats } from '../formats.ts'
import { root } from '../project.ts'

const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** The newest table of formats: what it says of each, and since when. */
function newestTable(): ReadonlyMap<string, { readonly value: string; readonly since: string }> {
  const [, newest = ''] = read('CHANGELOG.md').split('### Formats')
  const rows = newest.split(/^##/m, 1)[0]?.matchAll(/^\| ([^|]+?) +\| ([\w/]+) +\| ([^|]+?) +\|$/gm) ?? []
  const [, ...formats] = Array.from(
    rows,
    ([, format = '', value = '', since = '']) => [format, { value, since }] as const,
  )
  return new Map(formats)
}

describe('the newest table of formats in CHANGELOG.md', () => {
  const table = newestTable()
  for (const [format, value] of formatsOfTheCode()) {
    it(`has what the code has of: ${format}`, () => {
      const hint = `the code has ${value}: change the row "${format}", and say in it what has changed`
      assert.equal(table.get(format)?.value, value, hint)
      assert.ok((table.get(format)?.since ?? '').length >= 5, `"${format}" says nothing of what has changed`)
    })
  }

  it('has every format whose version the code states, and no other', () => {
    assert.deepEqual(unlistedFormats(), [], 'list them in scripts/formats.ts and in CHANGELOG.md')
    assert.deepEqual([...table.keys()].sort(), [...formatsOfTheCode().keys()].sort())
  })
})

it('every document that CONTRIBUTING.md, SECURITY.md, CHANGELOG.md and the decisions link to is there', () => {
  const decisions = readdirSync(join(root, 'docs/decisions')).map((name) => `docs/decisions/${name}`)
  for (const file of ['CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...decisions]) {
    for (const [, link = ''] of read(file).matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      assert.ok(existsSync(join(root, file, '..', link)), `${file}: ${link}`)
    }
  }
})
