import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { KeyShare } from '../../keyShare/keyShare.ts'
import { sortShares } from '../../keyShare/sortShares.ts'
import { recordedReshare } from '../protocols/recordedReshare.ts'
import { fixtureShare } from '../protocols/fixtureShare.ts'

describe('shares that somebody has found', () => {
  let old: readonly KeyShare[]
  let fresh: readonly KeyShare[]
  before(async () => {
    const recorded = await recordedReshare('rotate-2of3')
    old = recorded.old.map(({ share }) => share)
    fresh = recorded.fresh.map(({ result }) => result)
  })
  const of = (epoch: number | undefined, ...shares: readonly (KeyShare | undefined)[]) =>
    shares.map((share) => ({ share: share ?? assert.fail(), epoch }))
  const told = (found: Parameters<typeof sortShares>[0]) =>
    sortShares(found).map((set) => [set.epoch, set.found.map(({ share }) => share.index), set.missing, set.isOutdated])

  it('are sorted by epoch, the complete and the newest first', () => {
    const found = [...of(0, old[1], old[0]), ...of(4, fresh[2])]
    assert.deepEqual(told(found), [
      [0, [0, 1], 0, true],
      [4, [2], 1, false],
    ])
    assert.deepEqual(told([...found, ...of(4, fresh[0])]), [
      [4, [0, 2], 0, false],
      [0, [0, 1], 0, true],
    ])
  })

  it('are sorted by key: that of another wallet outdates nothing', () => {
    const found = [...of(0, old[0], old[1]), ...of(3, fixtureShare(0))]
    assert.deepEqual(told(found), [
      [0, [0, 1], 0, false],
      [3, [0], 2, false],
    ])
  })

  it('count once, and together with files that do not say of which epoch they are', () => {
    assert.deepEqual(told([...of(undefined, fresh[1]), ...of(2, fresh[0], fresh[0])]), [[2, [0, 1], 0, false]])
  })

  it('are never taken together with those of another epoch, whatever their files leave out', () => {
    assert.deepEqual(told([...of(undefined, old[0]), ...of(undefined, fresh[1])]), [
      [undefined, [0], 1, false],
      [undefined, [1], 1, false],
    ])
  })
})
