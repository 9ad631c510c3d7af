import { areUsableKeys } from '../crypto/feldman.ts'

const seatsPerNumber = 65536n

/**
 * The party key of a seat in the attempt with this number: k' = number·2^16 + seat (RESHARING 4.2, 5). Numbers are never
 * used twice, so no party key is.
 */
export function partyKeyOf(number: number, seat: number): bigint {
  return BigInt(number) * seatsPerNumber + BigInt(seat)
}

/**
 * The number of a new attempt: above all numbers that this wallet has used, failed attempts included, and such that no
 * party key of it collides, modulo the group order, with one that the wallet has had. An imported key may have any.
 * @param used numbers of epochs and attempts; epoch 0 counts whether it is there or not
 * @param keys party keys of all epochs and attempts
 */
export function nextNumber(used: readonly number[], keys: readonly bigint[], seats: readonly number[]): number {
  const known = [...new Set(keys)]
  for (let number = Math.max(0, ...used) + 1; ; number += 1) {
    if (areUsableKeys([...known, ...seats.map((seat) => partyKeyOf(number, seat))])) return number
  }
}
