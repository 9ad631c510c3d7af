/** One test that ended, or a suite that failed by itself (in a hook) or was skipped as a whole. */
export interface Ended {
  readonly name: string
  readonly isSuite: boolean
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Why it was skipped. */
  readonly reason?: string
}

/** What a file of Playwright's tests says of itself, in the file that scripts/testing/playwright.ts writes. */
export interface EndedFile {
  readonly ended: Ended[]
  seconds: number
  /** The names of those that passed the second time only. */
  readonly flaky: string[]
}

/** What a test file, or a part of the whole run, came to. */
export interface Outcome {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly Ended[]
  /** Tests that ended, whatever became of them. A suite that was skipped as a whole hides how many it has. */
  readonly tests: number
}

export function outcomeOf(ended: readonly Ended[]): Outcome {
  const failed = ended.filter(({ outcome }) => outcome === 'failed')
  const failedTests = failed.filter(({ isSuite }) => !isSuite).length
  return {
    passed: ended.filter(({ outcome }) => outcome === 'passed').length,
    // A suite fails with each of its tests; alone it is a hook that failed.
    failed: failedTests > 0 ? failedTests : Math.min(1, failed.length),
    skipped: ended.filter(({ outcome }) => outcome === 'skipped'),
    tests: ended.filter(({ isSuite }) => !isSuite).length,
  }
}
