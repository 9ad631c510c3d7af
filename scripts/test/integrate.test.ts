import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { root } from '../project.ts'

/** A snippet behind the name of the program that it is part of. */
const marked = /<!-- (\S+) -->\n\n```\w+\n([\s\S]*?)```/g

describe('docs/INTEGRATE.md', () => {
  const text = readFileSync(join(root, 'docs/INTEGRATE.md'), 'utf8')
  const snippets = [...text.matchAll(marked)].map(([, file = '', code = '']) => ({ file, code }))

  it('shows parts of programs that tests run, as they are there', () => {
    assert.ok(snippets.length >= 8)
    for (const { file, code } of snippets) {
      const program = withoutIndent(readFileSync(join(root, file), 'utf8'))
      assert.ok(program.includes(withoutIndent(code)), `${file} has not got:\n${code}`)
    }
  })
})

function withoutIndent(code: string): string {
  return code
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
}
