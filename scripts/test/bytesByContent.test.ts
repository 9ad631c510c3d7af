import { describe, it } from 'node:test'
import { RuleTester } from 'eslint'
import tseslint from 'typescript-eslint'
import { bytesByContent } from '../lint/bytesByContent.ts'

RuleTester.describe = describe
RuleTester.it = it

const declared = 'declare const a: Uint8Array; declare const b: Uint8Array | undefined\n'
const errors = [{ messageId: 'identity' }]
const filename = 'bytes.ts'
new RuleTester({
  languageOptions: {
    parser: tseslint.parser,
    parserOptions: { projectService: { allowDefaultProject: ['*.ts'] }, tsconfigRootDir: import.meta.dirname },
  },
}).run('bytes by content', bytesByContent, {
  valid: [
    { name: 'whether there are any', filename, code: `${declared}if (b === undefined) run()` },
    { name: 'their lengths', filename, code: `${declared}if (a.length === b?.length) run()` },
    { name: 'a text in a list', filename, code: "declare const names: string[]\nnames.includes('x')" },
    { name: 'a byte in bytes', filename, code: `${declared}a.includes(7)` },
    {
      name: 'what is kept about one object',
      filename,
      code: `${declared}declare const met: WeakSet<Uint8Array>\nmet.has(a)`,
    },
  ],
  invalid: [
    { name: 'one with the other', filename, code: `${declared}if (a === b) run()`, errors },
    { name: 'and not', filename, code: `${declared}if (b !== a) run()`, errors },
    { name: 'in a list', filename, code: `${declared}declare const all: Uint8Array[]\nall.includes(a)`, errors },
    { name: 'as the key of a map', filename, code: `${declared}declare const m: Map<Uint8Array, 1>\nm.get(a)`, errors },
    { name: 'in a set', filename, code: `${declared}declare const s: ReadonlySet<Uint8Array>\ns.has(a)`, errors },
  ],
})
