import type { Failure } from '../failure.ts'

/** Who broke what, without the file that shows it; test/identity/evidence.test.ts looks at that. */
export function withoutEvidence(failure: Failure): Failure {
  if (failure.kind !== 'misbehaviour') return failure
  const { kind, culprits, check, detail } = failure
  return { kind, culprits, check, ...(detail !== undefined && { detail }) }
}
