import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { order } from '../../curve/point.ts'
import { loadKernel } from '../../integers/load.node.ts'
import { wasmArithmetic } from '../../integers/wasm.ts'
import { parsePreParameters, parseSaveData, writePreParameters, writeSaveData } from '../../keyShare/saveData.ts'
import { systemRandom } from '../../random.ts'
import { saveData } from '../fixtures.ts'
import { refused } from './refused.ts'

const tools = { arithmetic: wasmArithmetic(await loadKernel()), random: systemRandom }

const fixtureText = (index: number): string =>
  readFileSync(new URL(`../fixtures/tss-lib/keygen_data_${index}.json`, import.meta.url), 'utf8')
const compact = (text: string): string => text.replace(/\s+/g, '')

describe('save data of tss-lib', () => {
  for (const index of [0, 1, 2, 3, 4]) {
    it(`of party ${index} is read, and written back byte for byte`, async () => {
      const share = await parseSaveData(fixtureText(index), 3, tools)
      assert.equal(share.index, index)
      assert.equal(share.secret.reveal(), saveData(index).Xi)
      assert.equal(new TextDecoder().decode(writeSaveData(share)), compact(fixtureText(index)))
      assert.deepEqual(await parseSaveData(writeSaveData(share), 3, tools), share)
    })
  }

  it('is read whatever the case and order of its keys, and whatever else there is', async () => {
    const text = compact(fixtureText(0)).replace('{"PaillierSK"', '{"Other":[null,{"x":true}],"pAILLIERsk"')
    await parseSaveData(text, 3, tools)
  })

  it('of version 1, without the primes of N, is completed', async () => {
    const { P, Q } = saveData(0).PaillierSK
    const text = compact(fixtureText(0)).replace(`,"P":${P},"Q":${Q}}`, '}')
    assert.notEqual(text, compact(fixtureText(0)))
    const share = await parseSaveData(text, 3, tools)
    assert.deepEqual([...share.preParameters.paillier.primes.reveal()].sort(), [P, Q].sort())
  })

  it('after a resharing may hold an unreduced secret', async () => {
    const { Xi } = saveData(0)
    const text = fixtureText(0).replace(String(Xi), String(Xi + 3n * order))
    assert.equal((await parseSaveData(text, 3, tools)).secret.reveal(), Xi)
  })

  const data = saveData(0)
  const other = saveData(1)
  const second = (values: readonly bigint[]): bigint => values[1] ?? 0n
  const plusTwo = (value: bigint | undefined): [string, string] => [String(value), String((value ?? 0n) + 2n)]
  const damages: [name: string, change: [string, string], check: RegExp][] = [
    ['a secret share that is another', plusTwo(data.Xi), /belongs to its public share/],
    ['the secret share of another party', [String(data.Xi), String(other.Xi)], /belongs to its public share/],
    ['a negative secret share', [`"Xi": ${data.Xi}`, `"Xi": -${data.Xi}`], /Xi is no integer in range/],
    ['a huge secret share', [String(data.Xi), `${data.Xi}${data.Xi}`], /Xi is too long/],
    ['an own key nobody has', [`"ShareID": ${data.ShareID}`, '"ShareID": 7'], /own key is among/],
    [
      'keys out of order',
      [`"Ks": [\n    ${data.Ks[0]}`, `"Ks": [\n    ${second(data.Ks) + 1n}`],
      /party keys are sorted|own key/,
    ],
    ['a key that is zero modulo q', [String(data.Ks[4]), String(order)], /distinct and non-zero/],
    ['a public share off the curve', plusTwo(data.BigXj[2]?.Coords[0]), /not on the curve/],
    ['a coordinate above the field', [String(data.BigXj[2]?.Coords[0]), String(2n ** 256n)], /not on the curve/],
    [
      'another public key',
      [String(data.ECDSAPub.Coords[1]), String(2n ** 256n - 2n ** 32n - 977n - data.ECDSAPub.Coords[1])],
      /interpolate to the public key/,
    ],
    ['another curve', ['"Curve": "secp256k1"', '"Curve": "P-256"'], /no point/],
    [
      'a modulus of 2047 bits',
      [String(second(data.PaillierPKs.map(({ N }) => N))), String(second(data.PaillierPKs.map(({ N }) => N)) >> 1n)],
      /2048 bits/,
    ],
    ['a modulus that comes twice', [String(second(data.NTildej)), String(data.NTildej[2])], /comes twice|well formed/],
    ['a base that is one', [String(second(data.H1j)), '1'], /Ñ, h1, h2 is well formed/],
    [
      'an own N that is not the others’',
      [`"N": ${data.PaillierSK.N},\n    "LambdaN"`, `"N": ${other.PaillierSK.N},\n    "LambdaN"`],
      /own N/,
    ],
    ['a prime that is not one of N', plusTwo(data.PaillierSK.P), /PhiN is not/],
    ['another φ(N)', plusTwo(data.PaillierSK.PhiN), /PhiN is not/],
    ['another λ(N)', plusTwo(data.PaillierSK.LambdaN), /LambdaN/],
    ['a half of Ñ that is not', plusTwo(data.P), /Ñ = /],
    ['another alpha', plusTwo(data.Alpha), /alpha·beta = 1/],
    ['no list of keys', ['"Ks"', '"K"'], /Ks: missing/],
    ['null among the numbers of the others', [String(data.H1j[2]), 'null'], /H1j is no integer/],
    ['a quoted number', [`"Beta": ${data.Beta}`, `"Beta": "${data.Beta}"`], /Beta is a string/],
    [
      'a number with an exponent',
      [`"Beta": ${data.Beta}`, `"Beta": ${data.Beta}e0`],
      /Beta is written with a fraction, an exponent/,
    ],
    ['a number with a leading zero', [`"Beta": ${data.Beta}`, `"Beta": 0${data.Beta}`], /not an integer/],
    ['a key twice', ['"Beta"', '"beta": 1,\n  "Beta"'], /a key comes twice/],
    ['its end missing', ['"ECDSAPub"', ''], /near character/],
  ]
  for (const [name, [from, to], check] of damages) {
    it(`is refused with ${name}`, async () => {
      const text = fixtureText(0)
      assert.ok(text.includes(from), 'the damage must hit something')
      await assert.rejects(parseSaveData(text.replace(from, to), 3, tools), refused(check))
    })
  }

  it('is refused with another threshold than its own', async () => {
    for (const threshold of [2]) {
      await assert.rejects(parseSaveData(fixtureText(0), threshold, tools), refused(/interpolate/))
    }
    await assert.rejects(parseSaveData(fixtureText(0), 4, tools), refused(/threshold is the one/))
    for (const threshold of [1, 6, 2.5, NaN]) {
      await assert.rejects(parseSaveData(fixtureText(0), threshold, tools), refused(/threshold is possible/))
    }
  })

  it('is refused when too long, before it is parsed', async () => {
    await assert.rejects(parseSaveData(`{${' '.repeat(3_000_000)}`, 3, tools), refused(/too long/))
  })

  it('tells no secret when it is refused', async () => {
    const { Xi } = data
    const text = fixtureText(0).replace(String(Xi), String(Xi + 1n))
    await assert.rejects(parseSaveData(text, 3, tools), (error: Error) => !error.message.includes(String(Xi + 1n)))
  })
})

describe('pre-parameters', () => {
  it('come back as they were', async () => {
    const { preParameters } = await parseSaveData(fixtureText(2), 3, tools)
    assert.deepEqual(await parsePreParameters(writePreParameters(preParameters), tools), preParameters)
  })

  it('are refused if h2 is not a power of h1', async () => {
    const { preParameters } = await parseSaveData(fixtureText(2), 3, tools)
    const h2 = String(preParameters.ringPedersen.h2)
    const text = new TextDecoder().decode(writePreParameters(preParameters)).replace(h2, String(BigInt(h2) + 1n))
    await assert.rejects(parsePreParameters(text, tools), refused(/h2 = h1\^alpha/))
  })
})
