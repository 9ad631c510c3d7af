import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  coordinates,
  fieldPrime,
  flattenPoints,
  generator,
  multiplyPublic,
  multiplySecret,
  order,
  Point,
  pointFromCoordinates,
  sumPoints,
  unflattenPoints,
} from '../../curve/point.ts'
import { lagrangeWeight, reduceScalar } from '../../curve/scalar.ts'
import { saveData } from '../fixtures.ts'

test('coordinates outside the field, off the curve or of infinity are refused', () => {
  const [x, y] = coordinates(generator)
  assert.ok(pointFromCoordinates(x, y)?.equals(generator))
  const wrong: [bigint, bigint][] = [
    [0n, 0n],
    [x, y + 1n],
    [x + fieldPrime, y],
    [x, y + fieldPrime],
    [x, y - fieldPrime],
    [-x, y],
    [x, fieldPrime],
    [x << 8n, y],
  ]
  for (const [a, b] of wrong) assert.equal(pointFromCoordinates(a, b), undefined)
  assert.throws(() => coordinates(Point.ZERO), /infinity/)
})

test('a list of points survives flattening; odd counts and strangers do not', () => {
  const points = [1n, 2n, 77n].map((k) => multiplyPublic(generator, k))
  const flat = flattenPoints(points)
  assert.ok(unflattenPoints(flat)?.every((point, i) => points[i]?.equals(point)))
  assert.equal(unflattenPoints(flat.slice(1)), undefined)
  assert.equal(unflattenPoints([...flat, 1n, 1n]), undefined)
})

test('both multiplications agree, with scalars reduced and zero giving infinity', () => {
  const five = multiplyPublic(generator, 5n)
  for (const k of [1n, 2n, order - 1n, order + 7n, -3n, 1n << 300n]) {
    assert.ok(multiplySecret(five, k).equals(multiplyPublic(five, k)))
  }
  for (const k of [0n, order]) assert.ok(multiplySecret(five, k).is0() && multiplyPublic(five, k).is0())
  assert.ok(sumPoints([five, multiplyPublic(generator, -5n)]).is0())
})

test("weights of the fixture give the spec's w_0 and W_1", () => {
  const own = saveData(0)
  const weighted = (signers: number[], position: number) => {
    const keys = signers.map((i) => own.Ks[i] ?? 0n)
    const index = signers[position] ?? 0
    return { λ: lagrangeWeight(own.Ks[index] ?? 0n, keys), index }
  }
  assert.equal(
    reduceScalar(weighted([0, 1, 2], 0).λ * own.Xi),
    0xbb8150282d14a56a678bc1f5e3c35bd64afb49a6ef75fb1155a68f2007005e02n,
  )
  const bigW = (signers: number[]) => {
    const { λ, index } = weighted(signers, 1)
    const point = pointFromCoordinates(...(own.BigXj[index]?.Coords ?? [0n, 0n]))
    assert.ok(point)
    return coordinates(multiplyPublic(point, λ))[0]
  }
  assert.equal(bigW([0, 1, 2]), 0x46d2f38159b185a721a6ac2d93c0a624a431ec211bef614ac69214170ef22629n)
  assert.equal(bigW([0, 2, 3]), 0xb459f11d554473d67a9ba1d65015ea0a239d14e4a2e8ddba0b25d02888de23c3n)
})
