import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { g1 } from '../../groups/bls12381.ts'
import { ed25519 } from '../../groups/ed25519.ts'
import { timesGenerator, type Element, type Group } from '../../groups/group.ts'
import { secp256k1 } from '../../groups/secp256k1.ts'
import {
  areCoordinates,
  drawPolynomial,
  evaluate,
  flawOfPublicShares,
  interpolate,
  interpolateInExponent,
  isShareOf,
  lagrangeAtZero,
} from '../../groups/sharing.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'

function suite<P extends Element<P>>(group: Group<P>): void {
  describe(`a secret shared in ${group.name}`, () => {
    const keys = [1n, 2n, 77n, group.order - 1n, 5n]
    const polynomial = drawPolynomial(group, 3, seededRandom(group.name))
    const commitments = polynomial.map((coefficient) => timesGenerator(group, coefficient))
    const shares = keys.map((key) => ({ key, share: evaluate(group, polynomial, key) }))
    const points = shares.map(({ key, share }) => ({ key, element: timesGenerator(group, share) }))
    const [secret = 0n] = polynomial
    const publicKey = timesGenerator(group, secret)
    const some = <T>(list: readonly T[], ...indexes: number[]): T[] => indexes.map((i) => list[i] as T)

    it('comes back from any three, in the open and in the exponent, and from no two', () => {
      for (const three of [
        [0, 1, 2],
        [2, 3, 4],
        [4, 0, 3],
      ]) {
        assert.equal(interpolate(group, some(shares, ...three)), secret)
        assert.ok(interpolateInExponent(group, some(points, ...three), group.zero).equals(publicKey))
      }
      assert.notEqual(interpolate(group, some(shares, 0, 1)), secret)
    })

    it('gives shares that fit their key and nothing else', () => {
      for (const { key, share } of shares) {
        assert.ok(isShareOf(group, share, key, commitments))
        assert.ok(!isShareOf(group, share + 1n, key, commitments))
        assert.ok(!isShareOf(group, share, key === 1n ? 2n : 1n, commitments))
      }
    })

    it('has public shares of one polynomial of that degree', () => {
      assert.equal(flawOfPublicShares(group, points, 3, publicKey), undefined)
      const [first, ...rest] = points
      assert.ok(first)
      const wrong = [{ ...first, element: first.element.add(group.generator) }, ...rest]
      assert.equal(flawOfPublicShares(group, wrong, 3, publicKey), 'public shares interpolate to the public key')
      assert.equal(flawOfPublicShares(group, points, 4, publicKey), 'threshold is the one the key was made with')
    })

    it('is shared at distinct scalars only', () => {
      assert.ok(areCoordinates(group, keys))
      for (const wrong of [
        [0n, 1n],
        [1n, 1n],
        [1n, group.order],
        [-1n, 2n],
      ])
        assert.ok(!areCoordinates(group, wrong))
      assert.throws(() => lagrangeAtZero(group, 1n, [1n, 2n, 2n]), RangeError)
      assert.throws(() => lagrangeAtZero(group, 3n, [1n, 2n]), /interpolation points/)
    })
  })
}

suite(ed25519)
suite(secp256k1)
suite(g1)
