import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { before, describe, it } from 'node:test'
import { ProtocolAbort, type Cause } from '../../failure.ts'
import { loadKernel } from '../../integers/load.node.ts'
import { wasmArithmetic } from '../../integers/wasm.ts'
import { recoverKey } from '../../keyShare/recoverKey.ts'
import { parseBareShares, parseSaveData } from '../../keyShare/saveData.ts'
import type { Tools } from '../../keyShare/tools.ts'
import { systemRandom } from '../../random.ts'
import { fixtureShare } from '../protocols/fixtureShare.ts'

const file = (index: number): string =>
  readFileSync(new URL(`../fixtures/tss-lib/keygen_data_${index}.json`, import.meta.url), 'utf8').replace(/\s+/g, '')
const without = (text: string, ...names: string[]): string =>
  names.reduce((left, name) => left.replace(new RegExp(`,"${name}":(\\d+|\\[[^a-zA-Z]*?\\])`), ''), text)
const nulled = (text: string, ...names: string[]): string =>
  names.reduce(
    (left, name) => left.replace(new RegExp(`"${name}":(\\d+|\\[.*?\\](?=,"[A-Z])|\\{.*?\\})`), `"${name}":null`),
    text,
  )

/** tss-lib before 1.1: no primes of N, and neither Alpha, Beta, P nor Q. */
const version1 = (index: number): string =>
  without(file(index).replace(/(?<="PhiN":\d+),"P":\d+,"Q":\d+(?=\})/, ''), 'Alpha', 'Beta', 'P', 'Q')
const key = recoverKey([0, 1, 2].map(fixtureShare)).reveal()
const keyOf = (...files: string[]): bigint => recoverKey(files.flatMap((each) => parseBareShares(each, 3))).reveal()
const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le'))

describe('a file of tss-lib version 1', () => {
  it('lacks what the test says it lacks', () => {
    assert.deepEqual(Object.keys(JSON.parse(version1(0)) as object).slice(0, 5), [
      'PaillierSK',
      'NTildei',
      'H1i',
      'H2i',
      'Xi',
    ])
    assert.deepEqual(Object.keys((JSON.parse(version1(0)) as { PaillierSK: object }).PaillierSK), [
      'N',
      'LambdaN',
      'PhiN',
    ])
  })

  it('gives its part of the key', () => {
    assert.equal(keyOf(version1(0), version1(2), version1(4)), key)
  })

  it('gives it without its points too, where somebody says which key it must be', () => {
    const bare = [0, 2, 4].map((index) => nulled(version1(index), 'BigXj', 'ECDSAPub'))
    const shares = bare.flatMap((each) => parseBareShares(each, 3))
    assert.throws(() => recoverKey(shares), /none of them says which key/)
    assert.equal(recoverKey(shares, (found) => found.equals(fixtureShare(0).publicKey)).reveal(), key)
    assert.throws(() => recoverKey(shares, () => false), /do not give the key/)
  })

  it('is still held against its points, where it has them', () => {
    const other = version1(0).replace(/"Xi":\d+/, '"Xi":12345')
    assert.throws(() => parseBareShares(other, 3), /belongs to its public share/)
  })
})

describe('a share in the wrapper of another program', () => {
  const wrappers: [name: string, wrap: (share: string) => string][] = [
    ['an object with the local data inside', (share) => `{"pub_key":"thorpub1","local_data":${share},"version":1.5}`],
    [
      'beside one of an EdDSA key',
      (share) =>
        `{"ecdsa_local_data":${share},"eddsa_local_data":{"Xi":7,"ShareID":1,"Ks":[1,2],"EDDSAPub":{"Curve":"ed25519","Coords":[1,2]}}}`,
    ],
    ['a list', (share) => `\uFEFF[ ${share} ]`],
    ['JSON in a string of JSON', (share) => JSON.stringify({ keyshares: [{ pubkey: '02ab', keyshare: share }] })],
  ]
  for (const [name, wrap] of wrappers) {
    it(`is found: ${name}`, () => {
      assert.equal(keyOf(...[1, 2, 3].map((index) => wrap(file(index)))), key)
    })
  }

  it('is imported like one without', async () => {
    const tools: Tools = { arithmetic: wasmArithmetic(await loadKernel()), random: systemRandom }
    const share = await parseSaveData(`{"local_data":${file(1)}}`, 3, tools)
    assert.deepEqual(share, await parseSaveData(file(1), 3, tools))
  })

  it('may stand beside others, of which each is read', () => {
    assert.deepEqual(
      parseBareShares(`{"a":${file(0)},"b":{"c":${version1(3)}}}`, 3).map(({ index }) => index),
      [0, 3],
    )
  })
})

describe('a file that cannot be imported says what it is', () => {
  let tools: Tools
  before(async () => {
    tools = { arithmetic: wasmArithmetic(await loadKernel()), random: systemRandom }
  })
  const { Ks } = JSON.parse(file(0).replace(/\d{5,}/g, '1')) as { Ks: unknown[] }
  const nulls = `[${Ks.map(() => 'null').join(',')}]`
  const eddsa =
    '{"Xi":7,"ShareID":1,"Ks":[1,2],"BigXj":[{"Curve":"ed25519","Coords":[1,2]}],"EDDSAPub":{"Curve":"ed25519","Coords":[1,2]}}'
  const cases: [name: string, content: string | Uint8Array, cause: Cause, detail: RegExp][] = [
    ['a share of version 1', version1(0), 'share-file-preparameters', /Alpha, Beta, P, Q/],
    ['a share of an EdDSA key', eddsa, 'share-file-eddsa', /EDDSAPub/],
    [
      'a key generation that was stopped',
      nulled(file(0), 'Xi', 'BigXj', 'ECDSAPub'),
      'share-file-unfinished',
      /Xi: missing/,
    ],
    ['pre-parameters alone', file(0).replace(/,"Xi".*$/, '}'), 'share-file-unfinished', /Xi, ShareID, Ks: missing/],
    [
      'a member who has left',
      `{"Xi":null,"ShareID":null,"Ks":${nulls},"BigXj":${nulls},"ECDSAPub":null}`,
      'share-file-unfinished',
      /Xi, ShareID, Ks/,
    ],
    ['numbers as strings', file(0).replace(/:(\d{20,})/g, ':"$1"'), 'share-file-numbers', /Xi is a string/],
    [
      'rounded numbers',
      file(0).replace(/"Xi":(\d)(\d{15})\d*/, '"Xi":$1.$2e+76'),
      'share-file-rounded',
      /Xi is written with a fraction/,
    ],
    ['UTF-16 with its mark', Uint8Array.of(0xff, 0xfe, ...utf16(file(0))), 'share-file-encoding', /UTF-16/],
    ['UTF-16 without it', utf16(file(0)), 'share-file-encoding', /UTF-16/],
    ['another JSON', '{"address":"0x00","crypto":{"kdf":"scrypt"}}', 'share-file-foreign', /without a share/],
    ['a backup', '-----BEGIN AGE ENCRYPTED FILE-----\nabc', 'share-file-foreign', /age file/],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10), 'share-file-foreign', /not text/],
    ['two shares', `[${file(0)},${file(1)}]`, 'share-file-several', /2 shares/],
    ['half a file', file(0).slice(0, 3000), 'share-in-file', /near character/],
    ['another threshold', file(0), 'share-threshold', /3 of 5 sign together/],
  ]
  for (const [name, content, cause, detail] of cases) {
    it(`${name}: ${cause}`, async () => {
      const threshold = cause === 'share-threshold' ? 4 : 3
      await assert.rejects(parseSaveData(content, threshold, tools), (error) => {
        assert.ok(error instanceof ProtocolAbort, String(error))
        assert.deepEqual(error.failure.kind === 'refused' && error.failure.what, cause)
        assert.match(error.message, detail)
        return true
      })
    })
  }

  it('and never the secret that is in it', async () => {
    const rounded = file(0).replace(/"Xi":(\d+)/, '"Xi":"$1"')
    const secret = /"Xi":"(\d+)"/.exec(rounded)?.[1] ?? ''
    await assert.rejects(
      parseSaveData(rounded, 3, tools),
      ({ message }: Error) => !message.includes(secret.slice(0, 8)),
    )
  })
})
