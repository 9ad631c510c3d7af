import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../testkit/harness.ts'
import { root } from '../project.ts'

/** The first example of docs/POLICY.md, as an operator would copy it. */
const example = /```json\n([^]*?)```/.exec(readFileSync(join(root, 'docs/POLICY.md'), 'utf8'))?.[1] ?? ''

function check(file: string, ...tried: string[]) {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/policy.ts', 'check', file, ...tried], {
    cwd: root,
    encoding: 'utf8',
  })
  return { status, stdout }
}

test('a policy file is explained, what it refuses is said with the rule, and a mistake in it is found', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'policy.json')
  writeFileSync(file, example)
  // 0.25 ETH to the one that is allowed, and to another.
  const paying = (to: string) => `0x02f00107843b9aca008506fc23ac0082520894${to.repeat(20)}8803782dace9d9000080c0`
  const explained = check(file)
  assert.equal(explained.status, 0)
  assert.match(explained.stdout, /It does not sign messages\.\n/)
  assert.match(
    explained.stdout,
    /Ethereum \(chain 1\): pays only 0x0+dEaD; at most 1 ETH each, at most 5 ETH in 24 hours/,
  )
  const refused = check(file, '--transaction', paying('5b'))
  assert.equal(refused.status, 1)
  assert.match(refused.stdout, /destination 0x\w+ is not allowed/)
  writeFileSync(file, example.replace('["0x000000000000000000000000000000000000dEaD"]', '"any"'))
  assert.match(check(file, '--transaction', paying('5b')).stdout, /It would sign this/)
  assert.deepEqual(check(file, '--message', 'hello').status, 1)
  writeFileSync(file, example.replace('"version": 1', '"version": 7'))
  const wrong = check(file)
  assert.equal(wrong.status, 1)
  assert.match(wrong.stdout, /the policy file: version/)
})
