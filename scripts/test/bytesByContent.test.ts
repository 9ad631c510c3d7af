import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import ts from 'typescript'
import { bytesByIdentity } from '../lint/bytesByContent.ts'

const declared = [
  'declare const a: Uint8Array',
  'declare const b: Uint8Array | undefined',
  'declare const names: string[]',
  'declare const all: Uint8Array[]',
  'declare const map: Map<Uint8Array, 1>',
  'declare const set: ReadonlySet<Uint8Array>',
  'declare const met: WeakSet<Uint8Array>',
]
const allowed = {
  'whether there are any': 'b === undefined',
  'their lengths': 'a.length === b?.length',
  'a text in a list': "names.includes('x')",
  'a byte in bytes': 'a.includes(7)',
  'what is kept about one object': 'met.has(a)',
}
const found = {
  'one with the other': 'a === b',
  'and not': 'b !== a',
  'in a list': 'all.includes(a)',
  'as the key of a map': 'map.get(a)',
  'in a set': 'set.has(a)',
}

describe('bytes by content', () => {
  let told: readonly string[] = []

  before(() => {
    const text = [...declared, ...Object.values(allowed), ...Object.values(found)].join('\n')
    const options = { target: ts.ScriptTarget.ESNext, strict: true, types: [] }
    const host = ts.createCompilerHost(options)
    const file = ts.createSourceFile('bytes.ts', text, options.target)
    const program = ts.createProgram(['bytes.ts'], options, {
      ...host,
      getSourceFile: (name, target) => (name === 'bytes.ts' ? file : host.getSourceFile(name, target)),
    })
    told = bytesByIdentity(program, file).map((node) => node.getText(file))
  })

  for (const [name, code] of Object.entries(allowed))
    it(`are no fault: ${name}`, () => {
      assert.ok(!told.includes(code))
    })
  for (const [name, code] of Object.entries(found))
    it(`are told: ${name}`, () => {
      assert.ok(told.includes(code))
    })
})
