import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { runFile } from '../testing/file.ts'
import { outcomeOf, type Ended, type Outcome } from '../testing/outcome.ts'
import { missingTests, unrecorded } from '../testing/recorded.ts'
import { secondRuns } from '../testing/secondRun.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quorate-testing-'))
})
after(() => rm(folder, { recursive: true }))

let files = 0
/** Runs a test file of this text, as npm test would. */
async function outcome(text: string) {
  const file = join(folder, `${(files += 1)}.test.mjs`)
  await writeFile(file, `import { after, before, describe, it } from 'node:test'\n${text}`)
  return runFile(file, { ...process.env, FORCE_COLOR: '0', TEST_GRACE_MS: '200' }, new Set())
}

describe('a test file in npm test', () => {
  it('is counted test by test, with what was skipped and why', async () => {
    const { passed, failed, skipped, tests } = await outcome(`
      describe('a suite', () => {
        it('passes', () => {})
        it('fails', () => { throw new Error() })
        it('is skipped', { skip: 'no printer here' }, () => {})
      })`)
    assert.deepEqual({ passed, failed, tests }, { passed: 1, failed: 1, tests: 3 })
    assert.deepEqual(skipped, [{ name: 'is skipped', isSuite: false, outcome: 'skipped', reason: 'no printer here' }])
  })

  it('has all its tests counted when it awaits between them', async () => {
    const { passed } = await outcome(`
      it('early', () => {})
      await new Promise((later) => setTimeout(later, 100))
      it('late', () => {})`)
    assert.equal(passed, 2)
  })

  it('fails when it ran no test', async () => {
    const { failed, text } = await outcome('')
    assert.equal(failed, 1)
    assert.match(text, /✖ it ran no test/)
  })

  it('fails when it throws outside its tests', async () => {
    const { failed, passed } = await outcome("it('passes', () => {})\nthrow new Error('outside')")
    assert.deepEqual({ failed, passed }, { failed: 1, passed: 1 })
  })

  it('fails when a hook of the file fails', async () => {
    const { failed } = await outcome("after(() => { throw new Error('hook') })\nit('passes', () => {})")
    assert.equal(failed, 1)
  })

  it('fails when a hook of a suite fails', async () => {
    const { failed } = await outcome("describe('a', () => { after(() => { throw new Error() }); it('b', () => {}) })")
    assert.equal(failed, 1)
  })

  it('fails when it leaves something open, which is named', async () => {
    const { failed, text } = await outcome(`
      import { createServer } from 'node:http'
      it('listens', () => { createServer().listen(0, '127.0.0.1') })`)
    assert.equal(failed, 1)
    assert.match(text, /✖ still open .*: TCPServerWrap/)
  })
})

describe('the number of tests that each file has', () => {
  const passed = (count: number): Outcome =>
    outcomeOf(Array.from({ length: count }, (_, i): Ended => ({ name: String(i), isSuite: false, outcome: 'passed' })))
  const recorded = { 'a.test.ts': 3, 'b.test.ts': 2 }
  const all = Object.keys(recorded)

  it('may grow, which is said until it is recorded', () => {
    const ran = new Map([
      ['a.test.ts', passed(4)],
      ['b.test.ts', passed(2)],
      ['c.test.ts', passed(1)],
    ])
    assert.deepEqual(missingTests(recorded, all, ran), [])
    assert.deepEqual(unrecorded(recorded, ran), ['a.test.ts', 'c.test.ts'])
  })

  it('may not shrink, and a file may not stay away', () => {
    assert.deepEqual(missingTests(recorded, all, new Map([['a.test.ts', passed(2)]])), [
      'a.test.ts: ran 2 tests, 3 are recorded',
      'b.test.ts: ran nothing, 2 tests are recorded',
    ])
  })

  it('is hidden by a suite that was skipped as a whole', () => {
    const skipped = outcomeOf([{ name: 'live', isSuite: true, outcome: 'skipped', reason: 'Go is not installed' }])
    assert.deepEqual(missingTests({ 'a.test.ts': 3 }, ['a.test.ts'], new Map([['a.test.ts', skipped]])), [])
  })
})

describe('a second run, alone', () => {
  const passed: Outcome = { passed: 1, failed: 0, skipped: [], tests: 1 }
  const failed: Outcome = { passed: 0, failed: 1, skipped: [], tests: 1 }
  const ran = (...files: string[]) =>
    new Map([['web/test/a.test.ts', passed], ...files.map((file) => [file, failed] as const)])

  it('is for what starts processes', () => {
    assert.deepEqual(secondRuns(ran('system/requests.test.ts')), ['system/requests.test.ts'])
    assert.deepEqual(secondRuns(ran()), [])
  })

  it('is not for arithmetic, protocols and attacks, nor for anything else beside them', () => {
    assert.deepEqual(secondRuns(ran('tss-wasm/test/protocols/sign.test.ts')), [])
    assert.deepEqual(secondRuns(ran('system/maliciousCoordinator.test.ts')), [])
    assert.deepEqual(secondRuns(ran('model/test/model.test.ts', 'system/requests.test.ts')), [])
  })

  it('is not for many', () => {
    assert.deepEqual(secondRuns(ran('system/a.test.ts', 'system/b.test.ts', 'system/c.test.ts')), [])
  })
})
