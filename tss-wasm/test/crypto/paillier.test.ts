import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addCiphertexts, decrypt, encrypt, isCiphertext, multiplyCiphertext } from '../../crypto/paillier.ts'
import { inverse, mod } from '../../integers/numberTheory.ts'
import { referenceArithmetic as arithmetic } from '../../integers/reference.ts'
import { paillierKey, saveData } from '../fixtures.ts'

const data = saveData(0)
const key = paillierKey(data)
const N = key.n
const enc = (m: bigint, x = 7n) => encrypt(key, { m, x }, arithmetic)

test('decrypts what was encrypted, at both ends of the range; the factors only make it faster', async () => {
  for (const m of [0n, 1n, N - 1n, 1n << 1500n]) {
    const c = await enc(m)
    assert.equal(c, await encrypt({ n: N }, { m, x: 7n }, arithmetic))
    assert.equal(await decrypt(key, c, arithmetic), m)
  }
  for (const m of [-1n, N]) await assert.rejects(enc(m), RangeError)
})

test('agrees with the definition through λ', async () => {
  const c = await enc(123_456_789n, 987_654_321n)
  const { LambdaN } = data.PaillierSK
  const L = (u: bigint) => (u - 1n) / N
  const [cλ = 0n, Γλ = 0n] = await arithmetic.products({ value: N * N }, [
    [{ base: c, exponent: LambdaN }],
    [{ base: N + 1n, exponent: LambdaN }],
  ])
  assert.equal(mod(L(cλ) * inverse(L(Γλ), N), N), 123_456_789n)
})

test('adds and multiplies under encryption, mod N', async () => {
  const [a, b] = [N - 5n, 77n]
  const sum = addCiphertexts(key, await enc(a), await enc(b, 11n))
  assert.equal(await decrypt(key, sum, arithmetic), 72n)
  const product = await multiplyCiphertext({ n: N }, await enc(b), { m: 1000n, secretBits: 10 }, arithmetic)
  assert.equal(await decrypt(key, product, arithmetic), 77_000n)
  await assert.rejects(multiplyCiphertext(key, await enc(b), { m: 1024n, secretBits: 10 }, arithmetic), RangeError)
})

test('refuses what is not a ciphertext', async () => {
  const [p] = key.primes.reveal()
  for (const c of [0n, -1n, N * N, N * N + 1n, p, N, 5n * N]) {
    assert.equal(isCiphertext(key, c), false)
    await assert.rejects(decrypt(key, c, arithmetic), RangeError)
    assert.throws(() => addCiphertexts(key, c, 1n), RangeError)
    assert.throws(() => addCiphertexts(key, 1n, c), RangeError)
    await assert.rejects(multiplyCiphertext(key, c, { m: 1n, secretBits: 1 }, arithmetic), RangeError)
  }
})
