import { isRingPedersen } from '../crypto/ringPedersen.ts'
import type { PreParameters } from '../crypto/types.ts'
import { areUsableKeys } from '../crypto/feldman.ts'
import type { Point} from '../curve/point.ts';
import { generator, multiplyPublic, multiplySecret, order, sumPoints } from '../curve/point.ts'
import { lagrangeWeight } from '../curve/scalar.ts'
import type { Arithmetic } from '../integers/arithmetic.ts'
import { bitLength, isModulus2048 } from '../integers/numberTheory.ts'
import type { KeyShare, KeyShareParty } from './keyShare.ts'

/** More parties than any wallet has; bounds the work of a hostile file. */
const mostParties = 256

/**
 * Everything a share must satisfy before it is stored or used (wire spec 8). Beyond that list: N and Ñ differ among
 * all parties, and t is exactly the one the key was made with.
 * @returns the check that fails, or undefined
 */
export async function flawOfShare(share: KeyShare, arithmetic: Arithmetic): Promise<string | undefined> {
  const { parties, threshold, index, publicKey, preParameters } = share
  const own = parties[index]
  const keys = parties.map(({ key }) => key)
  const moduli = parties.flatMap(({ paillierN, ringPedersen }) => [paillierN, ringPedersen.nTilde])
  const secret = share.secret.reveal()
  const { n } = preParameters.paillier
  const { nTilde, h1, h2 } = preParameters.ringPedersen

  if (parties.length < 2 || parties.length > mostParties) return 'number of parties is possible'
  if (!Number.isInteger(threshold) || threshold < 2 || threshold > parties.length) return 'threshold is possible'
  if (keys.some((key, j) => j > 0 && key <= (keys[j - 1] ?? 0n))) return 'party keys are sorted'
  if (!areUsableKeys(keys)) return 'party keys are distinct and non-zero modulo the group order'
  if (own === undefined) return 'own key is among the party keys'
  if (secret <= 0n || secret >= order) return 'secret share is in range'
  if (!parties.every(({ paillierN }) => isModulus2048(paillierN))) return 'every N has 2048 bits'
  if (!parties.every(({ ringPedersen }) => isRingPedersen(ringPedersen))) return 'every Ñ, h1, h2 is well formed'
  if (new Set(moduli).size !== moduli.length) return 'no modulus comes twice'
  if (!multiplySecret(generator, secret).equals(own.publicShare)) return 'secret share belongs to its public share'
  if (own.paillierN !== n) return 'own N is the one others have'
  const { ringPedersen } = own
  if (ringPedersen.nTilde !== nTilde || ringPedersen.h1 !== h1 || ringPedersen.h2 !== h2) {
    return 'own Ñ, h1, h2 are those others have'
  }
  return flawOfSharing(parties, threshold, publicKey) ?? flawOfPreParameters(preParameters, arithmetic)
}

/** Whether the public shares lie on one polynomial of degree threshold - 1 (and no less) with the public key at 0. */
function flawOfSharing(parties: readonly KeyShareParty[], threshold: number, publicKey: Point): string | undefined {
  if (parties.some(({ publicShare }) => publicShare.is0()) || publicKey.is0()) return 'no point is infinity'
  const most = parties.slice(0, threshold - 1)
  // t - 1 of them with each further one in turn: points that agree on t values, the one at 0 included, share a polynomial
  const fits = parties.slice(threshold - 1).every((last) => atZero([...most, last]).equals(publicKey))
  if (!fits) return 'public shares interpolate to the public key'
  if (atZero(most).equals(publicKey)) return 'threshold is the one the key was made with'
  return undefined
}

function atZero(parties: readonly KeyShareParty[]): Point {
  const keys = parties.map(({ key }) => key)
  return sumPoints(parties.map(({ key, publicShare }) => multiplyPublic(publicShare, lagrangeWeight(key, keys))))
}

/**
 * Own Paillier key and ring-Pedersen parameters (wire spec 4.6, 4.8).
 * @returns the check that fails, or undefined
 */
export async function flawOfPreParameters(
  { paillier, ringPedersen }: PreParameters,
  arithmetic: Arithmetic,
): Promise<string | undefined> {
  const [p, q] = paillier.primes.reveal()
  if (!isModulus2048(paillier.n) || paillier.n !== p * q || p < 2n || q < 2n) return 'N is the product of its primes'
  if (p % 4n !== 3n || q % 4n !== 3n) return 'N is a Blum integer'
  if (bitLength(p > q ? p - q : q - p) < 1021) return 'primes of N are far enough apart'

  const { nTilde, h1, h2, halves, alpha, beta } = ringPedersen
  const [a, b] = halves.reveal()
  const primes: readonly [bigint, bigint] = [2n * a + 1n, 2n * b + 1n]
  if (a < 2n || b < 2n || nTilde !== primes[0] * primes[1]) return 'Ñ is the product of its primes'
  if (!isRingPedersen(ringPedersen) || nTilde === paillier.n) return 'Ñ, h1, h2 are well formed'
  const [x, y] = [alpha.reveal(), beta.reveal()]
  if (x < 1n || y < 1n || bitLength(x) > 2048 || bitLength(y) > 2048 || (x * y) % (a * b) !== 1n) {
    return 'alpha and beta are inverse to each other'
  }
  const [forth, back] = await arithmetic.products({ value: nTilde, factors: { primes, power: 1 } }, [
    [{ base: h1, exponent: x, secretBits: 2048 }],
    [{ base: h2, exponent: y, secretBits: 2048 }],
  ])
  return forth === h2 && back === h1 ? undefined : 'h1 and h2 are powers of each other'
}
