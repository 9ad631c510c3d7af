import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { checkPreParameters, makePreParameters } from '../../crypto/preParameters.ts'
import type { PreParameters } from '../../crypto/types.ts'
import { referenceArithmetic as arithmetic } from '../../integers/reference.ts'
import { systemRandom as random } from '../../random.ts'
import { Secret } from '../../secret.ts'
import { paillierKey, ringPedersen, saveData } from '../fixtures.ts'

const tools = { arithmetic, random }
const data = saveData(0)
const { P, Q } = data.PaillierSK
const [pHat, qHat] = [2n * data.P + 1n, 2n * data.Q + 1n]
const good: PreParameters = { paillier: paillierKey(data), ringPedersen: ringPedersen(data) }

function supply(primes: readonly bigint[]) {
  const left = [...primes]
  return () => {
    const next = left.shift()
    return next === undefined ? Promise.reject(new Error('out of primes')) : Promise.resolve(next)
  }
}

test('the fixture passes', async () => {
  assert.equal(await checkPreParameters(good, tools), undefined)
})

test('four safe primes make pre-parameters; too close a pair costs one more prime, not two', async () => {
  const safePrime = supply([P, P + (1n << 1019n), pHat, qHat, P - 4n, Q])
  const made = await makePreParameters({ safePrime, ...tools })
  assert.deepEqual(made.paillier.primes.reveal(), [P, Q])
  assert.equal(made.paillier.n, P * Q)
  assert.equal(made.ringPedersen.nTilde, pHat * qHat)
  assert.equal(await checkPreParameters(made, tools), undefined)
  const again = await makePreParameters({ safePrime: supply([P, Q, pHat, qHat]), ...tools })
  assert.notEqual(again.ringPedersen.h1, made.ringPedersen.h1)
  await assert.rejects(makePreParameters({ safePrime: supply([P, Q, pHat, pHat]), ...tools }), /twice/)
  assert.ok(!inspect(made, { depth: 9 }).includes(P.toString().slice(0, 20)))
})

test('each relation is checked', async () => {
  const { paillier, ringPedersen: ring } = good
  const halves = (p: bigint, q: bigint) => new Secret([p, q] as const)
  const swap = (change: Partial<typeof ring>): PreParameters => ({ paillier, ringPedersen: { ...ring, ...change } })
  const key = (p: bigint, q: bigint, n = p * q): PreParameters => ({
    paillier: { n, primes: new Secret([p, q] as const) },
    ringPedersen: ring,
  })
  const { nTilde, h1, h2 } = ring
  const alpha = ring.alpha.reveal()
  const wrong: [PreParameters, RegExp][] = [
    [key(P, P), /four different primes/],
    [key(P, pHat), /four different primes/],
    [key(P >> 1n, Q), /four different primes/],
    [key(P + 2n, Q), /four different primes/],
    [key(P, Q, P * Q + 2n), /N = P·Q/],
    [key((1n << 1023n) + 3n, (1n << 1023n) + (1n << 1020n) + 3n), /of 2048 bits/],
    [key(P, P + 4n), /far apart/],
    [key(P + 4n, Q), /safe primes/],
    [swap({ nTilde: nTilde + 2n }), /Ñ = /],
    [swap({ halves: halves(data.P, data.Q + 2n) }), /Ñ = |four different/],
    [swap({ h1: 1n }), /different units/],
    [swap({ h2: h1 }), /different units/],
    [swap({ h2: nTilde }), /different units/],
    [swap({ h1: pHat }), /different units/],
    [swap({ alpha: new Secret(alpha + 1n) }), /alpha·beta/],
    [swap({ alpha: new Secret(alpha + data.P * data.Q * 8n) }), /below Ñ/],
    [swap({ h1: pHat * 2n + 1n }), /h1 - 1 is a unit/],
    [swap({ h1: nTilde - h1 }), /h1 is a square/],
    [swap({ h2: (h2 * 4n) % nTilde }), /h2 = h1\^alpha/],
  ]
  for (const [preParameters, check] of wrong)
    assert.match((await checkPreParameters(preParameters, tools)) ?? 'nothing', check)
})
