import { describe, it } from 'node:test'
import { RuleTester } from 'oxlint/plugins-dev'
import { testsFirst } from '../lint/testsFirst.ts'

RuleTester.describe = (name, suite) => {
  describe(name, suite)
}
RuleTester.it = (name, test) => {
  it(name, test)
}

const awaited = [{ messageId: 'awaited' }]
new RuleTester({ languageOptions: { sourceType: 'module' } }).run('tests first', testsFirst, {
  valid: [
    { name: 'an await above all tests', code: "const data = await load()\nit('a', () => {})" },
    {
      name: 'awaits in hooks and tests',
      code: "before(async () => { await load() })\nit('a', async () => { await run() })",
    },
    {
      name: 'awaits in hooks and tests of a suite',
      code: "describe('a', () => { before(async () => { await load() }); it('b', async () => { await run() }) })",
    },
    { name: 'tests in a loop', code: 'for (const name of names) it(name, async () => { await run(name) })' },
    { name: 'an await in a helper', code: "it('a', helper)\nasync function helper() { await load() }" },
  ],
  invalid: [
    {
      name: 'an await between two tests',
      code: "it('a', run)\nconst data = await load()\nit('b', run)",
      errors: awaited,
    },
    { name: 'an await after a hook of the file', code: 'after(() => {})\nawait load()', errors: awaited },
    {
      name: 'an await between the suites of a loop',
      code: 'for (const name of names) { const data = await load(name); describe(name, () => {}) }',
      errors: awaited,
    },
    {
      name: 'a loop that awaits, after a test',
      code: "it.skip('a', run)\nfor await (const x of y) use(x)",
      errors: awaited,
    },
    {
      name: 'an await in a suite',
      code: "describe('a', async () => { await load(); it('b', run) })",
      errors: [{ messageId: 'inSuite' }],
    },
  ],
})
