import type { Score } from './strength.ts'

const fewestCharacters = 10
/** Where nobody can say how hard it is to guess, length is all there is to go by. */
const fewestUnmeasured = 20
const weakestScore = 3

/** What is wrong with a passphrase that is to seal a share or a backup. */
export type Weakness = 'short' | 'weak' | 'unmeasured'

/**
 * Shares and backups can be guessed at for as long as somebody has a copy, so what is "somewhat hard to guess" will not do.
 * @param measure asked only about what is long enough; undefined: the estimator did not load
 */
export async function weaknessOf(
  passphrase: string,
  measure: (passphrase: string) => Promise<Score | undefined>,
): Promise<Weakness | undefined> {
  const { length } = Array.from(passphrase)
  if (length < fewestCharacters) return 'short'
  const score = await measure(passphrase)
  if (score === undefined) return length < fewestUnmeasured ? 'unmeasured' : undefined
  return score < weakestScore ? 'weak' : undefined
}
