import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { root } from '../project.ts'

const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** `const version = 1` or `const format = 1n` of a file, by its own name in CHANGELOG.md. */
const formats = {
  'envelope (SPEC 7)': 'tss-wasm/identity/envelope.ts',
  'confirmation (SPEC 7)': 'tss-wasm/identity/confirmation.ts',
  'invitation (SPEC 8)': 'tss-wasm/identity/invitation.ts',
  'sealed share (SPEC 9)': 'tss-wasm/keyShare/shareFile.ts',
  'wallet in a sealed share': 'tss-wasm/keyShare/wallet.ts',
  'backup (SPEC 10)': 'tss-wasm/keyShare/backup.ts',
  'database of the browser': 'web/platform/browser/database.ts',
}

function versionIn(file: string): string | undefined {
  return /^const (?:version|format) = (\d+)n?$/m.exec(read(file))?.[1]
}

/** The newest table of formats: format and version. */
function newestTable(): ReadonlyMap<string, string> {
  const [, newest = ''] = read('CHANGELOG.md').split('### Formats')
  const rows = newest.split(/^##/m, 1)[0]?.matchAll(/^\| ([^|]+?) +\| (\w+) +\|/gm) ?? []
  return new Map(Array.from(rows, ([, format = '', version = '']) => [format, version]))
}

describe('the newest table of formats in CHANGELOG.md', () => {
  for (const [format, file] of Object.entries(formats)) {
    it(`has the version of: ${format}`, () => {
      const version = versionIn(file)
      assert.ok(version !== undefined, `${file} has no version`)
      assert.equal(newestTable().get(format), version, 'say in CHANGELOG.md what has changed, with the new version')
    })
  }

  it("has the version of the coordinator's database", () => {
    const numbers = readdirSync(join(root, 'coordinator-stub/storage/migrations')).map((name) => parseInt(name, 10))
    assert.equal(newestTable().get('database of the coordinator'), String(Math.max(...numbers)))
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
