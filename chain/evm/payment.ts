import type { Trial } from './outlook.ts'
import type { Word } from './agreement.ts'

/** The first nonce from this one on that none of the wallet's own open requests takes. */
export function freeNonce(pending: bigint, taken: readonly bigint[]): bigint {
  let nonce = pending
  while (taken.includes(nonce)) nonce += 1n
  return nonce
}

/** What a plain payment to a person takes on Ethereum; other networks may ask for more. */
const plain = 21_000n

/** An estimate with something to spare, because a contract may take more by the time it runs; a plain payment takes what it takes. */
export function gasLimitOf(estimate: bigint): bigint {
  return estimate <= plain ? plain : (estimate * 6n) / 5n
}

/**
 * The most that can be sent of the coin: what is there, without the highest fee. 0 where the fee takes it all.
 * @param fee highest, in wei
 */
export function mostCoins(balance: bigint, fee: bigint): bigint {
  return balance > fee ? balance - fee : 0n
}

/** Why a payment will fail, by the word of all nodes that tried it. */
export function foretold(trial: Word<Trial>): Extract<Trial, { ends: 'fails' }> | undefined {
  return trial.type === 'said' && trial.value.ends === 'fails' ? trial.value : undefined
}
