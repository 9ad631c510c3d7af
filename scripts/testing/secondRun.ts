// A test of several processes or browsers that failed beside everything else gets one more run, alone, and the whole run
// says loudly which did: what passes only alone has an open fault, in the test or in what it tests, and is reported as such.
// What tests arithmetic, a protocol or an attack passes the first time or has failed.
import type { Outcome } from './outcome.ts'

/** More than these are no accident of a busy machine. */
export const mostSecondRuns = 2

const ofProcesses = [
  'coordinator-stub/',
  'electron/',
  'engines/',
  'interop/',
  'participant/',
  'sdk/',
  'system/',
  'web/',
]
const ofAttacks = /attack|cheat|consent|hostile|malicious|refus|replay|stranger/i

/** The files of node:test that run again: none, where more have failed than may. */
export function secondRuns(ran: ReadonlyMap<string, Outcome>): readonly string[] {
  const failed = [...ran].filter(([, outcome]) => outcome.failed > 0).map(([file]) => file)
  return failed.length <= mostSecondRuns && failed.every(mayRunAgain) ? failed : []
}

function mayRunAgain(file: string): boolean {
  return ofProcesses.some((folder) => file.startsWith(folder)) && !ofAttacks.test(file)
}
