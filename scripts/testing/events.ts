// A reporter for node:test (--test-reporter): one line of JSON for each test that ended, as scripts/testing/outcome.ts
// describes it.
import type { TestEvent } from 'node:test/reporters'
import type { Ended } from './outcome.ts'

export default async function* events(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    const ended = endedIn(event)
    if (ended !== undefined) yield `${JSON.stringify(ended)}\n`
  }
}

function endedIn({ type, data }: TestEvent): Ended | undefined {
  if (type !== 'test:pass' && type !== 'test:fail') return undefined
  const isSuite = data.details.type === 'suite'
  if (type === 'test:fail') return { name: data.name, isSuite, outcome: 'failed' }
  const reason = [data.skip, data.todo].find((value) => value !== undefined && value !== false)
  if (reason !== undefined) return { name: data.name, isSuite, outcome: 'skipped', reason: String(reason) }
  return isSuite ? undefined : { name: data.name, isSuite, outcome: 'passed' }
}
