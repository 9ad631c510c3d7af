import { coordinates, fieldPrime, flattenPoints, generator, order } from '../curve/point.ts'
import { hashIntegers } from '../crypto/hash.ts'
import { integerToBytes } from '../integers/bytes.ts'
import type { KeyShareParty } from '../keyShare/keyShare.ts'

/** Always "1" (round) and "0" (nonce) in tss-lib. */
const roundAndNonce = [1n, 0n]
/** The B of y^2 = x^3 + B, which tss-lib hashes in signing and leaves out in keygen. */
const curveB = 7n

/** The session id of keygen among the holders of these sorted keys, without leading zero bytes (WIRE 3.4). */
export function keygenSsid(keys: readonly bigint[]): Uint8Array {
  const list = [fieldPrime, order, ...coordinates(generator), ...keys, ...roundAndNonce]
  return integerToBytes(hashIntegers(list))
}

/**
 * The session id of signing by these parties, in the order of their keys (WIRE 3.4), and of resharing what they hold.
 * Neither run nor message is in it: binding a message to a run is the envelope's work.
 * @param signers their public shares already adjusted by the tweak, if there is one
 */
export function signingSsid(signers: readonly KeyShareParty[]): Uint8Array {
  const list = [
    ...[fieldPrime, order, curveB, ...coordinates(generator)],
    ...signers.map(({ key }) => key),
    ...flattenPoints(signers.map(({ publicShare }) => publicShare)),
    ...signers.map(({ ringPedersen }) => ringPedersen.nTilde),
    ...signers.map(({ ringPedersen }) => ringPedersen.h1),
    ...signers.map(({ ringPedersen }) => ringPedersen.h2),
    ...roundAndNonce,
  ]
  return integerToBytes(hashIntegers(list))
}
