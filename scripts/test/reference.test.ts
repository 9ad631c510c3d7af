import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { root } from '../project.ts'
import { declarationsOf } from '../reference/declarations.ts'
import { referencePages } from '../reference/pages.ts'
import { messagesOf, servicesOf } from '../reference/protos.ts'

describe('docs/reference', () => {
  it('says what the sources say', async () => {
    const stale = [...(await referencePages())].filter(([path, text]) => {
      return !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text
    })
    assert.deepEqual(
      stale.map(([path]) => path),
      [],
      'npm run reference writes them anew',
    )
  })

  it('has every call and every message of the services, and every operation of REST', async () => {
    const pages = await referencePages()
    const grpc = pages.get('docs/reference/grpc.md') ?? ''
    for (const path of ['proto/coordinator.proto', 'proto/router.proto']) {
      const proto = readFileSync(join(root, path), 'utf8')
      const calls = [...proto.matchAll(/^ *rpc (\w+)/gm)].map(([, name = '']) => name)
      assert.deepEqual(
        servicesOf(proto).flatMap((service) => service.calls.map(({ name }) => name)),
        calls,
      )
      const messages = [...proto.matchAll(/^(?:message|enum) (\w+)/gm)].map(([, name = '']) => name)
      assert.deepEqual([...messagesOf(proto).keys()], messages)
      for (const name of [...calls, ...messages]) assert.ok(grpc.includes(name), name)
    }
    assert.match(pages.get('docs/reference/rest.md') ?? '', /## POST \/api\/v1\/mpc\/sign\n/)
  })

  it('shows what is exported, with docstrings, and not how it works', () => {
    const source = `
/** Adds. @param a the first @throws never */
export function add(a: number, b: number): number {
  return a + b
}
/** A point. */
export interface Point { /** In metres. */ readonly x: number }
const hidden = 1
export const most = 20
/** Of all. */
export const everyone: readonly string[] = ['Ana']
`
    assert.deepEqual(declarationsOf('x.ts', source), [
      {
        name: 'add',
        text: 'Adds.\n\n- _param_ `a` the first\n- _throws_ never',
        code: 'function add(a: number, b: number): number',
      },
      { name: 'Point', text: 'A point.', code: 'interface Point { /** In metres. */ readonly x: number }' },
      { name: 'most', text: '', code: 'const most = 20' },
      { name: 'everyone', text: 'Of all.', code: 'const everyone: readonly string[]' },
    ])
  })
})
