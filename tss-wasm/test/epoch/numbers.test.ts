import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { order } from '../../curve/point.ts'
import { nextNumber, partyKeyOf } from '../../epoch/numbers.ts'

describe('the number of an attempt', () => {
  it('is above every number that was used, failed attempts included', () => {
    assert.equal(nextNumber([], [1n, 2n, 3n], [1, 2, 3]), 1)
    assert.equal(nextNumber([0, 1, 4], [1n, 2n, 3n], [1, 2, 3]), 5)
  })

  it('gives every seat a party key that the wallet has never had', () => {
    assert.deepEqual(
      [1, 2].map((seat) => partyKeyOf(3, seat)),
      [196609n, 196610n],
    )
    const imported = [partyKeyOf(1, 2), partyKeyOf(2, 1) + order, 7n]
    assert.equal(nextNumber([0], imported, [1, 2]), 3)
    assert.equal(nextNumber([0], imported, [3, 4]), 1)
  })
})
