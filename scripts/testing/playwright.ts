// A reporter for Playwright: when all is over it writes what became of the tests of each file to the file named by
// QUORATE_TEST_EVENTS.
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { FullConfig, Reporter, Suite } from '@playwright/test/reporter'
import { root } from '../project.ts'
import type { EndedFile } from './outcome.ts'

export default class implements Reporter {
  #suite: Suite | undefined

  onBegin(_config: FullConfig, suite: Suite): void {
    this.#suite = suite
  }

  onEnd(): void {
    const path = process.env['QUORATE_TEST_EVENTS']
    if (path === undefined) return
    const files: Record<string, EndedFile> = {}
    for (const test of this.#suite?.allTests() ?? []) {
      const file = relative(root, test.location.file).replaceAll('\\', '/')
      const ended = { name: test.titlePath().slice(3).join(' › '), isSuite: false }
      const reason = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description
      const isSkipped = test.expectedStatus === 'skipped'
      // A test that did not run, because the run was cut short, is no skip.
      const outcome = isSkipped ? 'skipped' : test.results.length > 0 && test.ok() ? 'passed' : 'failed'
      const told = (files[file] ??= { ended: [], seconds: 0, flaky: [] })
      told.ended.push({ ...ended, outcome, ...(isSkipped && { reason: reason ?? '' }) })
      if (test.outcome() === 'flaky') told.flaky.push(ended.name)
      told.seconds += test.results.reduce((total, { duration }) => total + duration / 1000, 0)
    }
    writeFileSync(path, JSON.stringify(files))
  }
}
