import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encrypt, gammaPower } from '../../crypto/paillier.ts'
import { coordinates, generator, multiplyPublic, order as q, Point } from '../../curve/point.ts'
import type { BobMtaCheckedProof } from '../../proofs/bobMta.ts'
import {
  decodeBobMta,
  decodeBobMtaChecked,
  encodeBobMta,
  encodeBobMtaChecked,
  proveBobMta,
  proveBobMtaChecked,
  proveBobMtaWith,
  verifyBobMta,
  verifyBobMtaChecked,
} from '../../proofs/bobMta.ts'
import {
  arithmetic,
  assertFlaw,
  assertHolds,
  context,
  otherContext,
  paillier0,
  publicPaillier,
  publicRing,
  ring0,
  ring1,
  tools,
  unbounded,
} from './setting.ts'

const N = paillier0.n
const N2 = N ** 2n
const Ñ = ring0.nTilde
const c1 = await encrypt(paillier0, { m: q - 2n, x: 11n }, arithmetic)

async function reply(x: bigint, y: bigint, r: bigint): Promise<bigint> {
  const [power = 0n] = await arithmetic.products({ value: N2 }, [
    [
      { base: c1, exponent: x },
      { base: r, exponent: N },
    ],
  ])
  return (power * gammaPower(paillier0, y)) % N2
}

const witness = { x: q - 3n, y: q ** 5n - 1n, r: 13n }
const c2 = await reply(witness.x, witness.y, witness.r)
const statement = { alice: publicPaillier(paillier0), verifier: publicRing(ring0), c1, c2, context }
const checkedStatement = { ...statement, point: multiplyPublic(generator, witness.x) }
const proof = await proveBobMta(statement, witness, tools)
const checkedProof = await proveBobMtaChecked(checkedStatement, witness, tools)
/** Alice knows all factors. */
const own = { alice: paillier0, verifier: ring0 }

/** Both variants refuse, by the same check. */
async function refused(proof_: Partial<BobMtaCheckedProof>, check: RegExp, statement_: object = {}) {
  await assertFlaw(verifyBobMta({ ...statement, ...own, ...statement_ }, { ...proof, ...proof_ }, arithmetic), check)
  const checked = verifyBobMtaChecked(
    { ...checkedStatement, ...own, ...statement_ },
    { ...checkedProof, ...proof_ },
    arithmetic,
  )
  await assertFlaw(checked, check)
}

test('both variants hold through the wire, at the ends of the witness ranges', async () => {
  const received = decodeBobMta(encodeBobMta(proof))
  assert.ok(received)
  await assertHolds(verifyBobMta({ ...statement, ...own }, received, arithmetic))
  await assertHolds(verifyBobMta(statement, received, arithmetic))
  const checked = decodeBobMtaChecked(encodeBobMtaChecked(checkedProof))
  assert.ok(checked)
  await assertHolds(verifyBobMtaChecked({ ...checkedStatement, ...own }, checked, arithmetic))
  assert.equal(encodeBobMta(proof).length, 10)
  assert.equal(decodeBobMta(encodeBobMtaChecked(checkedProof)), undefined, '12 where 10 are due')
  assert.equal(decodeBobMtaChecked(encodeBobMta(proof)), undefined, '10 where 12 are due')
  assert.equal(decodeBobMtaChecked([...encodeBobMtaChecked(checkedProof), 0n]), undefined, '13 where 12 are due')
  const [x, y] = coordinates(checkedProof.U)
  assert.equal(decodeBobMtaChecked([...encodeBobMta(checkedProof), x, y + 1n]), undefined, 'off the curve')
})

test('each field is bound', async () => {
  for (const field of ['z', 'zPrime', 't', 'w', 'v'] as const) {
    const wrong = { [field]: proof[field] - 1n }
    await assertFlaw(verifyBobMta({ ...statement, ...own }, { ...proof, ...wrong }, arithmetic), /h1\^s1·h2\^s2/)
    const wrongChecked = { [field]: checkedProof[field] - 1n }
    const checked = verifyBobMtaChecked(
      { ...checkedStatement, ...own },
      { ...checkedProof, ...wrongChecked },
      arithmetic,
    )
    await assertFlaw(checked, /s1·G = e·X \+ U/)
  }
  const alter = (change: object) => verifyBobMta({ ...statement, ...own }, { ...proof, ...change }, arithmetic)
  await assertFlaw(alter({ s1: proof.s1 + 1n }), /h1\^s1·h2\^s2/)
  await assertFlaw(alter({ s2: proof.s2 + 1n }), /h1\^s1·h2\^s2/)
  await assertFlaw(alter({ t1: proof.t1 + 1n }), /h1\^t1·h2\^t2/)
  await assertFlaw(alter({ t2: proof.t2 + 1n }), /h1\^t1·h2\^t2/)
  await assertFlaw(alter({ s: (proof.s + 1n) % N }), /c1\^s1·s\^N·Γ\^t1/)
})

test('with check: X and U are bound to x, and s1 cannot be shifted by q', async () => {
  const alter = (change: object, statement_: object = {}) =>
    verifyBobMtaChecked({ ...checkedStatement, ...own, ...statement_ }, { ...checkedProof, ...change }, arithmetic)
  await assertFlaw(alter({}, { point: multiplyPublic(generator, witness.x + 1n) }), /s1·G/)
  await assertFlaw(alter({ U: checkedProof.U.negate() }), /s1·G/)
  await assertFlaw(alter({ s1: checkedProof.s1 + q }), /h1\^s1·h2\^s2/)
  await assertFlaw(alter({ U: Point.ZERO }), /infinity/)
  await assertFlaw(alter({}, { point: Point.ZERO }), /infinity/)
  // An honest proof of another x, under Alice's expectation of W.
  const other = { ...checkedStatement, c2: await reply(5n, 6n, 7n), point: multiplyPublic(generator, 5n) }
  const otherProof = await proveBobMtaChecked(other, { x: 5n, y: 6n, r: 7n }, tools)
  await assertHolds(verifyBobMtaChecked(other, otherProof, arithmetic))
  await assertFlaw(verifyBobMtaChecked({ ...other, point: checkedStatement.point }, otherProof, arithmetic), /s1·G/)
})

test('the statement is bound', async () => {
  const equation = /s1·G|h1\^s1·h2\^s2/
  await refused({}, equation, { context: otherContext })
  await refused({}, equation, { c1: (c1 * (1n + N)) % N2 })
  await refused({}, equation, { c2: (c2 * (1n + N)) % N2 })
  await refused({}, /h1\^s1·h2\^s2/, { verifier: { ...publicRing(ring0), h1: ring0.h2, h2: ring0.h1 } })
  await refused({}, /h1\^s1·h2\^s2|< Ñ|< 2q\^3/, { verifier: ring1 })
})

test('values out of range are refused before any work', async () => {
  for (const field of ['z', 'zPrime', 't', 'w'] as const) await refused({ [field]: Ñ }, /z, z', t, w < Ñ/)
  await refused({ v: N2 }, /v < N\^2/)
  for (const s of [0n, N]) await refused({ s }, /0 < s < N/)
  for (const field of ['s1', 's2', 't1', 't2'] as const) {
    await refused({ [field]: q - 1n }, new RegExp(`${field} >= q`))
    await refused({ [field]: q }, /s1·G|h1\^/)
  }
  await refused({ s1: q ** 3n }, /s1·G|h1\^/)
  await refused({ s1: q ** 3n + 1n }, /s1 <= q\^3/)
  await refused({ t1: q ** 7n }, /h1\^/)
  await refused({ t1: q ** 7n + 1n }, /t1 <= q\^7/)
  await refused({ s2: 2n * q ** 3n * Ñ }, /s2, t2 < 2q\^3/)
  await refused({ t2: 1n << 60_000n }, /s2, t2 < 2q\^3/)
})

test('what shares a factor with its modulus is refused', async () => {
  const [p] = paillier0.primes.reveal()
  const pHat = 2n * ring0.halves.reveal()[0] + 1n
  for (const field of ['z', 'zPrime', 't', 'w'] as const) {
    for (const zero of [0n, pHat]) await refused({ [field]: zero }, /units mod Ñ/)
  }
  for (const zero of [0n, p, N]) await refused({ v: zero }, /gcd\(v, N\)/)
  await refused({ s: p }, /gcd\(s, N\)/)
  for (const wrong of [0n, N2]) await refused({}, /0 < c2 < N\^2/, { c2: wrong })
  for (const wrong of [0n, N2 + c1]) await refused({}, /gcd\(c1, N\)/, { c1: wrong })
  for (const wrong of [p, N]) {
    await refused({}, /gcd\(c1, N\)/, { c1: wrong })
    await refused({}, /gcd\(c1, N\)/, { c2: wrong })
  }
  await refused({}, /2048 bits/, { alice: { n: N + 1n } })
  await refused({}, /2048 bits/, { verifier: { ...publicRing(ring0), h1: 1n } })
})

test('a factor or a summand beyond its range cannot be shown to be small', async () => {
  const nonces = { α: q ** 2n, β: 3n, γ: q ** 2n, ρ: q, ρPrime: q ** 2n, σ: q, τ: q ** 2n }
  const cheat = async (x: bigint, y: bigint, check: RegExp) => {
    const cheating = { ...statement, c2: await reply(x, y, 5n) }
    const dishonest = await proveBobMtaWith(cheating, { x, y, r: 5n }, nonces, unbounded)
    await assertFlaw(verifyBobMta({ ...cheating, ...own }, dishonest, arithmetic), check)
  }
  await cheat(q ** 4n, 1n, /s1 <= q\^3/)
  await cheat(1n, q ** 7n, /t1 <= q\^7/)
})
