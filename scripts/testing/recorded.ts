// How many tests each file had when it was last recorded (recorded.json): no test vanishes from a green run unnoticed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../project.ts'
import type { Outcome } from './outcome.ts'

/** By path in the repository. */
export type Counts = Readonly<Record<string, number>>

const path = join(import.meta.dirname, 'recorded.json')

export function readRecorded(): Counts {
  return JSON.parse(readFileSync(path, 'utf8')) as Counts
}

/**
 * What is missing, a line each: a file with fewer tests than recorded, one that was not run, one that is gone.
 * @param expected the recorded files that were to run
 */
export function missingTests(
  recorded: Counts,
  expected: readonly string[],
  ran: ReadonlyMap<string, Outcome>,
): readonly string[] {
  return expected.flatMap((file) => {
    const outcome = ran.get(file)
    const before = recorded[file] ?? 0
    if (outcome === undefined) return `${file}: ran nothing, ${before} tests are recorded`
    // How many are in a suite that was skipped as a whole nobody knows; that it was is among the skips.
    if (outcome.tests >= before || outcome.skipped.some(({ isSuite }) => isSuite)) return []
    return `${file}: ran ${outcome.tests} tests, ${before} are recorded`
  })
}

/** Files with more tests than recorded, or recorded not at all. */
export function unrecorded(recorded: Counts, ran: ReadonlyMap<string, Outcome>): readonly string[] {
  return [...ran].filter(([file, { tests }]) => tests > (recorded[file] ?? 0)).map(([file]) => file)
}

/** Records what ran; files that are gone are forgotten, and what was skipped as a whole keeps its count. */
export function record(ran: ReadonlyMap<string, Outcome>): void {
  const counts = new Map(Object.entries(readRecorded()))
  for (const [file, { tests, skipped }] of ran) {
    const isWhole = !skipped.some(({ isSuite }) => isSuite)
    counts.set(file, isWhole ? tests : Math.max(tests, counts.get(file) ?? 0))
  }
  const kept = [...counts].filter(([file]) => existsSync(join(root, file))).sort(([a], [b]) => (a < b ? -1 : 1))
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(kept), undefined, 2)}\n`)
}
