import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { getAddress, hashTypedData, recoverTypedDataAddress, type Hex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { ContentRefused } from '../../content/refused.ts'
import { assembleOrder, signingTasks } from '../../content/signing.ts'
import { decodeTypedData, importTypedData, longestTypedData, typedDataDigest } from '../../content/typedData.ts'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { signedBy } from './payments.ts'

interface Field {
  readonly name: string
  readonly type: string
}
type Json = Record<string, unknown>

const contract = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
const domain = { name: 'Ether Mail', version: '1', chainId: 1, verifyingContract: contract }
const mail = {
  types: {
    Person: [
      { name: 'name', type: 'string' },
      { name: 'wallets', type: 'address[]' },
    ],
    Mail: [
      { name: 'from', type: 'Person' },
      { name: 'to', type: 'Person[]' },
      { name: 'contents', type: 'string' },
    ],
  },
  primaryType: 'Mail',
  domain,
  message: {
    from: { name: 'Cow', wallets: [contract] },
    to: [{ name: 'Bob', wallets: [] }],
    contents: 'Hello, Bob! 你好',
  },
}

const imported = (data: unknown) => importTypedData(JSON.stringify(data))
const theirs = (data: unknown) => hashTypedData(data as Parameters<typeof hashTypedData>[0])
const ours = (data: unknown): Hex => `0x${bytesToHex(typedDataDigest(imported(data)))}`

function refusal(field: string, rule: string) {
  return (error: unknown) => {
    assert.ok(error instanceof ContentRefused, String(error))
    assert.deepEqual([error.field, error.rule], [field, rule])
    return true
  }
}

/** A type and values for it, by how deep it may be. */
const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => `0x${bytesToHex(value)}`)
const integers = (type: string, bits: number, isSigned: boolean) =>
  fc.record({
    type: fc.constant(type),
    value: isSigned
      ? fc.bigInt({ min: -(1n << BigInt(bits - 1)), max: (1n << BigInt(bits - 1)) - 1n }).map(String)
      : fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }).map(String),
  })
const atoms: fc.Arbitrary<{ type: string; value: unknown }> = fc.oneof(
  integers('uint256', 256, false),
  integers('uint8', 8, false),
  integers('int64', 64, true),
  integers('int256', 256, true),
  fc.record({ type: fc.constant('bool'), value: fc.boolean() }),
  fc.record({ type: fc.constant('string'), value: fc.string({ unit: 'grapheme' }) }),
  fc.record({ type: fc.constant('address'), value: hex(20).map((address) => getAddress(address as Hex)) }),
  fc.record({ type: fc.constant('bytes32'), value: hex(32) }),
  fc.record({ type: fc.constant('bytes3'), value: hex(3) }),
  fc.record({ type: fc.constant('bytes'), value: fc.nat(40).chain(hex) }),
)
const lists = atoms.chain(({ type, value }) =>
  fc.nat(3).map((length) => ({ type: `${type}[]`, value: Array.from({ length }, () => value) })),
)
const fixed = lists.map(({ type, value }) => ({ type: `${type}[2]`, value: [value, value] }))
const structs = fc.array(fc.oneof(atoms, lists, fixed), { minLength: 1, maxLength: 6 }).map((members) => ({
  fields: members.map(({ type }, i): Field => ({ name: `f${i}`, type })),
  value: Object.fromEntries(members.map(({ value }, i) => [`f${i}`, value])),
}))

suite('typed data', () => {
  test('has the digest that viem gives it', () => {
    assert.equal(ours(mail), theirs(mail))
    fc.assert(
      fc.property(
        structs,
        structs,
        fc.subarray(['name', 'version', 'chainId', 'verifyingContract', 'salt'], { minLength: 1 }),
        (outer, inner, present) => {
          const whole: Json = { ...domain, salt: `0x${'5a'.repeat(32)}` }
          const data = {
            types: {
              Outer: [...outer.fields, { name: 'one', type: 'Inner' }, { name: 'many', type: 'Inner[]' }],
              Inner: inner.fields,
            },
            primaryType: 'Outer',
            domain: Object.fromEntries(present.map((name) => [name, whole[name]])),
            message: { ...outer.value, one: inner.value, many: [inner.value, inner.value] },
          }
          assert.equal(ours(data), theirs(data))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('is signed so that viem recovers the owner', async () => {
    const secretKey = new Uint8Array(32).fill(7)
    const publicKey = secp256k1.getPublicKey(secretKey)
    const order = { publicKey, content: { type: 'ethereum-typed-data', json: imported(mail) } } as const
    const { result } = assembleOrder(order, signedBy(secretKey, signingTasks(order)))
    const typed = mail as unknown as Omit<Parameters<typeof recoverTypedDataAddress>[0], 'signature'>
    const signer = await recoverTypedDataAddress({ ...typed, signature: result as Hex })
    assert.equal(signer, privateKeyToAddress(`0x${bytesToHex(secretKey)}`))
  })

  test('is shown as a tree, the domain first', () => {
    const { primaryType, domain: forWhom, message } = decodeTypedData(imported(mail))
    assert.equal(primaryType, 'Mail')
    assert.deepEqual(
      forWhom.map(({ name, value }) => [name, value]),
      Object.entries(domain).map(([name, value]) => [name, String(value)]),
    )
    assert.deepEqual(message[1], {
      name: 'to',
      type: 'Person[]',
      value: [
        {
          name: '0',
          type: 'Person',
          value: [
            { name: 'name', type: 'string', value: 'Bob' },
            { name: 'wallets', type: 'address[]', value: [] },
          ],
        },
      ],
    })
  })

  test('is refused by name of the field and the rule it breaks', () => {
    const change = (changes: Json) => ({ ...mail, ...changes })
    const message = (type: string, value: unknown, types: Json = {}) =>
      change({ types: { ...types, M: [{ name: 'a', type }] }, primaryType: 'M', message: { a: value } })
    const cases: [unknown, field: string, rule: string][] = [
      [[], 'data', 'is-a-list'],
      [change({ primaryType: undefined }), 'primaryType', 'missing-field'],
      [change({ primaryType: 'EIP712Domain' }), 'primaryType', 'wrong-value'],
      [change({ primaryType: 'Letter' }), 'primaryType', 'unknown-type'],
      [change({ domain: { ...domain, chainId: -1 } }), 'domain.chainId', 'too-small'],
      [change({ message: { ...mail.message, contents: undefined } }), 'message.contents', 'missing-field'],
      [change({ types: { ...mail.types, uint8: [] } }), 'types', 'bad-name'],
      [change({ types: { ...mail.types, 'A B': [] } }), 'types', 'bad-name'],
      [message('uint', 1), 'message.a', 'unsized-type'],
      [message('uint7', 1), 'message.a', 'unknown-type'],
      [message('Nobody', 1), 'message.a', 'unknown-type'],
      [message('uint8', 256), 'message.a', 'too-large'],
      [message('uint8', '-1'), 'message.a', 'too-small'],
      [message('int8', '128'), 'message.a', 'too-large'],
      [message('uint256', 1e21), 'message.a', 'not-integer'],
      [message('uint256', 1.5), 'message.a', 'not-integer'],
      [message('uint256', '01'), 'message.a', 'not-integer'],
      [message('uint256', ''), 'message.a', 'not-integer'],
      [message('bool', 1), 'message.a', 'wrong-value'],
      [message('bool', null), 'message.a', 'wrong-value'],
      [message('string', '\ud800'), 'message.a', 'wrong-value'],
      [message('address', contract.replace('d8', 'D8')), 'message.a', 'wrong-checksum'],
      [message('address', '0x00'), 'message.a', 'not-address'],
      [message('bytes4', '0x112233'), 'message.a', 'wrong-length'],
      [message('bytes', '0x1'), 'message.a', 'not-hex'],
      [message('bool[2]', [true]), 'message.a', 'wrong-length'],
      [message('bool[]', {}), 'message.a', 'not-a-list'],
      [message('bool[][][][][]', []), 'types.M.a', 'too-deep'],
      [message('bool[]', Array(3000).fill(true)), 'message.a[2998]', 'too-many'],
      [message('M', {}), 'message.a.a', 'missing-field'],
    ]
    for (const [data, field, rule] of cases) {
      assert.throws(
        () => imported(data),
        (error) => error instanceof ContentRefused && error.rule === rule,
        `${field} ${rule}`,
      )
    }
    const named = cases.filter(
      ([, field]) => !field.startsWith('types.M.') && !field.includes('[') && field !== 'message.a',
    )
    for (const [data, field, rule] of named) assert.throws(() => imported(data), refusal(field, rule))
    const repeated = { M: ['uint8', 'bool'].map((type) => ({ name: 'a', type })) }
    assert.throws(() => imported(change({ types: repeated, primaryType: 'M' })), refusal('types.M', 'repeated-name'))
    assert.throws(() => importTypedData('{"types":'), refusal('data', 'not-json'))
    assert.throws(() => importTypedData(' '.repeat(2 * longestTypedData + 1)), refusal('data', 'too-long'))
  })

  test('has one form that is signed; every other is refused, and imported into that one', () => {
    const canonical = imported(mail)
    const same = { ...mail, types: { Unused: [{ name: 'x', type: 'bool' }], ...mail.types } }
    for (const other of [mail, same, { ...mail, domain: { ...domain, chainId: '0x1' } }]) {
      assert.deepEqual(imported(other), canonical)
      assert.throws(() => decodeTypedData(utf8ToBytes(JSON.stringify(other))), refusal('data', 'not-canonical'))
    }
    const twice = `{"primaryType":"Mail",${JSON.stringify(mail).slice(1)}`
    assert.throws(() => typedDataDigest(utf8ToBytes(twice)), refusal('data', 'repeated-name'))
  })

  test('with names that JavaScript objects have of their own is hashed like any other', () => {
    const fields = ['__proto__', 'constructor', 'toString'].map((name) => ({ name, type: 'uint8' }))
    const text = `{"types":{"M":${JSON.stringify(fields)}},"primaryType":"M","domain":{"name":"x"},"message":{"__proto__":1,"constructor":2,"toString":3}}`
    const { message } = decodeTypedData(importTypedData(text))
    assert.deepEqual(
      message.map(({ value }) => value),
      ['1', '2', '3'],
    )
    const without = text.replace('"__proto__":1,', '')
    assert.throws(() => importTypedData(without), refusal('message.__proto__', 'missing-field'))
  })
})
