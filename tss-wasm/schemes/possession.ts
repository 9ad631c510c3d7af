import {
  decodeScalar,
  drawScalar,
  encodeScalar,
  scalarLength,
  timesGenerator,
  timesPublic,
  type Decoded,
  type Element,
} from '../groups/group.ts'
import { concatBytes } from '../integers/bytes.ts'
import { mod } from '../integers/numberTheory.ts'
import type { SchemeCheck } from '../checks.ts'
import type { RandomSource } from '../random.ts'
import type { KeySuite } from './suite.ts'

/**
 * "I know a with A = a·G", bound to who says it (SCHEMES 3.2). It is bound to no session: outside an envelope, which is,
 * it proves nothing to anybody.
 */
export interface PossessionStatement<P extends Element<P>> {
  readonly suite: KeySuite<P>
  /** The prover's party key. */
  readonly key: bigint
  readonly point: P
  /** What else the key is bound to from its first day; empty where the suite is one that others speak. */
  readonly context: Uint8Array
}

export interface PossessionWitness {
  /** a, in [1, order) */
  readonly secret: bigint
}

/** Bytes of R ‖ μ. */
export function possessionLength<P extends Element<P>>(suite: KeySuite<P>): number {
  return nonceLength(suite) + scalarLength
}

/** R ‖ μ with μ = k + c·a, c = HDKG(context ‖ key ‖ A ‖ R) */
export function provePossession<P extends Element<P>>(
  statement: PossessionStatement<P>,
  { secret }: PossessionWitness,
  { random }: { readonly random: RandomSource },
): Uint8Array<ArrayBuffer> {
  const { suite } = statement
  const { group } = suite
  let k = drawScalar(group, random)
  let R = timesGenerator(group, k)
  if (suite.xOnly && isOdd(R)) {
    k = group.order - k
    R = R.negate()
  }
  const μ = mod(k + challenge(statement, R) * secret, group.order)
  return new Uint8Array(concatBytes(R.toBytes().subarray(suite.xOnly ? 1 : 0), encodeScalar(group, μ)))
}

/** The check that fails, or nothing: μ·G = R + c·A */
export function verifyPossession<P extends Element<P>>(
  statement: PossessionStatement<P>,
  proof: Uint8Array,
): SchemeCheck | undefined {
  const { suite, point } = statement
  const { group } = suite
  const R = decodeNonce(suite, proof.subarray(0, nonceLength(suite)))
  if ('failed' in R) return R.failed
  const μ = decodeScalar(group, proof.subarray(nonceLength(suite)))
  if ('failed' in μ) return μ.failed
  const right = R.passed.add(timesPublic(group, point, challenge(statement, R.passed)))
  return timesPublic(group, group.generator, μ.passed).equals(right) ? undefined : 'proof of possession'
}

function challenge<P extends Element<P>>({ suite, key, point, context }: PossessionStatement<P>, R: P): bigint {
  return suite.challenge(concatBytes(context, encodeScalar(suite.group, key), point.toBytes(), R.toBytes()))
}

function nonceLength<P extends Element<P>>({ group, xOnly }: KeySuite<P>): number {
  return group.elementLength - (xOnly ? 1 : 0)
}

function decodeNonce<P extends Element<P>>({ group, xOnly }: KeySuite<P>, bytes: Uint8Array): Decoded<P> {
  return group.decodeElement(xOnly ? concatBytes(even, bytes) : bytes)
}

/** The first byte of a compressed point of secp256k1 whose y is even. */
const even = Uint8Array.of(2)

/** Of secp256k1, the only group whose points travel without their sign. */
function isOdd(point: { toBytes(): Uint8Array }): boolean {
  return point.toBytes()[0] === 3
}
