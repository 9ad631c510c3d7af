import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { root } from '../project.ts'

/** What the code cites by section: `(WIRE 4.13)`. */
const documents: Readonly<Record<string, string>> = {
  ARCHITECTURE: 'docs/ARCHITECTURE.md',
  WIRE: 'tss-wasm/WIRE.md',
  SPEC: 'tss-wasm/SPEC.md',
  RESHARING: 'tss-wasm/RESHARING.md',
  CGGMP24: 'tss-wasm/CGGMP24.md',
  SCHEMES: 'tss-wasm/SCHEMES.md',
}
const names = Object.keys(documents).join('|')
/** Also over the end of a line in a comment. */
const citation = new RegExp(`\\b(${names})\\s+(?:(?:\\*|//)\\s+)?(\\d+(?:\\.\\d+)?)\\b`, 'g')
/** What nobody who has only the repository can look up. */
const unpublished =
  /style-models|\barchitecture\.md\b|tss-lib-v2-wire|\bwire spec(ification)? \d|\/work\/|\bissue (#?\d|")/

/**
 * The numbers that a document's sections have: of headings ("### 4.13 Alice"), of what stands in bold at the beginning of a
 * paragraph ("**2.1 Old to all new**"), of rows of a table ("| 1.6 |") and of the items of a section's list (the second of
 * "## 3." is 3.2).
 */
function sectionsOf(text: string): ReadonlySet<string> {
  const found = new Set<string>()
  let section = ''
  for (const line of text.split('\n')) {
    const heading = /^#+ (\d+(?:\.\d+)?)\.?\s/.exec(line)?.[1]
    const inText = /^(?:\*\*|\|\s*)(\d+\.\d+)[\s.|]/.exec(line)?.[1]
    const item = /^(\d+)\. /.exec(line)?.[1]
    if (heading !== undefined) section = heading
    if (item !== undefined && !section.includes('.')) found.add(`${section}.${item}`)
    for (const number of [heading, inText]) if (number !== undefined) found.add(number)
  }
  return found
}

const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
const files = listed
  .split('\n')
  .filter((file) => /\.(tsx?|go|proto|md)$/.test(file) && existsSync(join(root, file)))
  .filter((file) => file !== 'scripts/test/references.test.ts')
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))

describe('a section that is cited', () => {
  for (const [name, path] of Object.entries(documents)) {
    if (!existsSync(join(root, path))) continue
    const sections = sectionsOf(readFileSync(join(root, path), 'utf8'))
    it(`of ${path} is there`, () => {
      const cited = files.flatMap(({ file, text }) =>
        Array.from(text.matchAll(citation), ([, document, number = '']) => ({ file, document, number })),
      )
      const dangling = cited.filter(({ document, number }) => document === name && !sections.has(number))
      assert.deepEqual(dangling, [])
    })
  }

  it('is of a document that is there', () => {
    for (const { file, text } of files) {
      for (const [cited, name = ''] of text.matchAll(citation)) {
        assert.ok(existsSync(join(root, documents[name] ?? '')), `${file}: ${cited}`)
      }
    }
  })

  it('is found by its heading, in bold, in a table and in a list, and not elsewhere', () => {
    const text =
      '## 1. One\n1. first\n2. second\n### 1.7 Seven\n1. deeper\n**1.8 Eight** is\n| 1.9 | nine |\n1.10 no\n## 2 Two'
    assert.deepEqual([...sectionsOf(text)], ['1', '1.1', '1.2', '1.7', '1.8', '1.9', '2'])
  })
})

it('nothing refers to a document or an issue that is not in the repository', () => {
  const found = files.flatMap(({ file, text }) =>
    text.split('\n').flatMap((line, i) => (unpublished.test(line) ? [`${file}:${i + 1} ${line.trim()}`] : [])),
  )
  assert.deepEqual(found, [])
})

describe('a file that a README or docs/ARCHITECTURE.md names', () => {
  /** Made when something runs. */
  const madeLater = ['.quorate/', 'gen/']
  const path = /^[\w@.-]+(?:\/[\w@.-]+)*(?:\/|\.(?:tsx?|mjs|go|py|proto|md|json))$/

  it('is there, from the root or from beside the document', () => {
    const documents = files.filter(
      ({ file }) => /^([\w-]+\/)?README\.md$/.test(file) || file === 'docs/ARCHITECTURE.md',
    )
    assert.ok(documents.length > 5)
    const missing = documents.flatMap(({ file, text }) =>
      Array.from(text.matchAll(/`([^`\n]+)`/g), ([, name = '']) => name)
        .filter((name) => name.includes('/') && path.test(name) && !madeLater.includes(name))
        .filter((name) => ![root, join(root, dirname(file))].some((from) => existsSync(join(from, name))))
        .map((name) => `${file}: ${name}`),
    )
    assert.deepEqual(missing, [])
  })

  it('stands in a folder that README’s tree names, and the tree names no other', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    const tree = readme.split('```').find((block) => block.includes('\nparticipant/ ')) ?? ''
    const named = tree.split('\n').flatMap((line) => /^(?:[\w-]+\/ *)+/.exec(line)?.[0].match(/[\w-]+(?=\/)/g) ?? [])
    const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
    const folders = new Set(tracked.split('\n').flatMap((file) => /^(\w[\w-]*)\//.exec(file)?.[1] ?? []))
    assert.deepEqual(named.toSorted(), [...folders].toSorted())
  })
})
