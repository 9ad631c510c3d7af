import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { generator } from '../../curve/point.ts'
import { concatBytes, hexToBytes, utf8ToBytes } from '../../integers/bytes.ts'
import { keygenRounds, signRounds } from '../../protocols/messages.ts'
import { decodeAliceRange } from '../../proofs/aliceRange.ts'
import { decodeBobMta } from '../../proofs/bobMta.ts'
import { decodeNoSmallFactor } from '../../proofs/noSmallFactor.ts'
import { integer, integers, message } from '../../protocols/wire.ts'

const codec = message('a.B', { one: integer(1, 4), many: integers(2, [2, 2, 1]) })
const sample = { one: 0x0102n, many: [0xffn, 0x8000n, 1n] }
/** type_url "type.googleapis.com/a.B", then the value. */
const url = '0a17747970652e676f6f676c65617069732e636f6d2f612e42'
const value = '0a020102' + '1201ff' + '12028000' + '120101'

function any(content: string, typeUrl = url): Uint8Array {
  return concatBytes(hexToBytes(typeUrl), Uint8Array.of(0x12, content.length / 2), hexToBytes(content))
}

function withUrl(text: string): Uint8Array {
  const bytes = utf8ToBytes(text)
  return concatBytes(Uint8Array.of(0x0a, bytes.length), bytes, Uint8Array.of(0x12, value.length / 2), hexToBytes(value))
}

describe('a wire message', () => {
  it('is an Any around ascending fields of minimal integers', () => {
    assert.deepEqual(codec.encode(sample), any(value))
    assert.deepEqual(codec.decode(any(value)), sample)
  })

  it('may have any host before its type', () => {
    assert.deepEqual(codec.decode(withUrl('x/y/a.B')), sample)
    assert.deepEqual(codec.decode(withUrl('a.B')), sample)
  })

  const read: [string, string][] = [
    ['leading zeros', '0a0400000102' + '1201ff' + '12028000' + '120101'],
    ['fields in another order', '1201ff' + '0a020102' + '12028000' + '120101'],
    ['unknown fields', value + '1a0101' + '2005' + '2d00000000' + '310000000000000000'],
    ['a singular field twice, the last of which counts', '0a0109' + value],
    ['a known number under another wire type, which is an unknown field', '0805' + value],
  ]
  for (const [what, content] of read) {
    it(`is read with ${what}`, () => {
      assert.deepEqual(codec.decode(any(content)), sample)
    })
  }

  const refused: [string, Uint8Array][] = [
    ['nothing', new Uint8Array()],
    ['another type', withUrl('a.C')],
    ['no type', any(value, '0a00')],
    ['a type that is no text', any(value, '0a04ff612e42')],
    ['no value', hexToBytes(url)],
    ['a cut end', any(value).subarray(0, -1)],
    ['bytes left over', concatBytes(any(value), Uint8Array.of(0x12))],
    ['a missing field', any('1201ff' + '12028000' + '120101')],
    ['an empty field', any('0a00' + '1201ff' + '12028000' + '120101')],
    ['an empty entry', any('0a020102' + '1201ff' + '1200' + '120101')],
    ['an entry too few', any('0a020102' + '1201ff' + '12028000')],
    ['an entry too many', any(value + '120101')],
    ['an integer too long', any('0a050102030405' + '1201ff' + '12028000' + '120101')],
    ['an entry too long', any('0a020102' + '1201ff' + '12028000' + '12020101')],
    ['a length past the end', any(value + '1a7f')],
    ['a length of 70 bits', any(value + '1affffffffffffffffffff01')],
    ['field number 0', any(value + '020101')],
    ['a group', any(value + '1b1c')],
    ['more bytes than it could ever need', concatBytes(any(value), hexToBytes('1ad00f'), new Uint8Array(2000))],
  ]
  for (const [what, bytes] of refused) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => codec.decode(bytes), Error)
    })
  }

  it('is refused at every cut', () => {
    const whole = any(value)
    for (let length = 0; length < whole.length; length++) {
      assert.throws(() => codec.decode(whole.subarray(0, length)), Error, `cut at ${length}`)
    }
  })

  it('with bytes changed at will is refused, or read within its bounds', () => {
    const change = fc.tuple(fc.nat(value.length / 2 + url.length / 2 + 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = any(value)
        for (const [at, byte] of changes) bytes[at] = byte
        let read
        try {
          read = codec.decode(bytes)
        } catch (error) {
          return error instanceof Error
        }
        return read.many.length === 3 && read.one < 1n << 32n && read.many.every((x) => x < 1n << 16n)
      }),
      { numRuns: 2000 },
    )
  })

  it('cannot say zero', () => {
    assert.throws(() => codec.encode({ ...sample, one: 0n }), /only positive/)
  })
})

describe('messages of the protocols', () => {
  const full = (bytes: number): bigint => (1n << BigInt(8 * bytes)) - 1n
  const repeated = (count: number, bytes: number): bigint[] => Array<bigint>(count).fill(full(bytes))
  const schnorr = { proofAlphaX: full(32), proofAlphaY: full(32), proofT: full(32) }
  const dln = { α: repeated(128, 256), t: repeated(128, 256) }

  const bob = parsed(decodeBobMta, [256, 256, 256, 512, 256, 256, 96, 352, 224, 352].map(full))

  // Observed sizes of WIRE 12.4; a few bytes vary with leading zeros.
  const sizes: [string, Uint8Array, number][] = [
    [
      'KGRound1Message',
      keygenRounds.commitment.codec.encode({
        commitment: full(32),
        paillierN: full(256),
        nTilde: full(256),
        h1: full(256),
        h2: full(256),
        dlnProof1: dln,
        dlnProof2: dln,
      }),
      133_755,
    ],
    [
      'KGRound2Message1',
      keygenRounds.share.codec.encode({
        share: full(32),
        noSmallFactorProof: parsed(decodeNoSmallFactor, [
          ...repeated(5, 256),
          ...[544, 224, 224, 352, 352, 608].map(full),
        ]),
      }),
      3_720,
    ],
    [
      'KGRound2Message2',
      keygenRounds.opening.codec.encode({
        opening: repeated(7, 32),
        modProof: { W: full(256), X: repeated(80, 256), A: full(11), B: full(11), Z: repeated(80, 256) },
      }),
      42_033,
    ],
    ['KGRound3Message', keygenRounds.paillierProof.codec.encode({ paillierProof: repeated(13, 256) }), 3_435],
    [
      'SignRound1Message1',
      signRounds.encryptedNonce.codec.encode({
        c: full(512),
        rangeProof: parsed(decodeAliceRange, [256, 512, 256, 256, 96, 352].map(full)),
      }),
      2_332,
    ],
    ['SignRound1Message2', signRounds.nonceCommitment.codec.encode({ commitment: full(32) }), 105],
    [
      'SignRound2Message',
      signRounds.products.codec.encode({
        c1: full(512),
        c2: full(512),
        bobProof: bob,
        bobProofWithCheck: { ...bob, U: generator },
      }),
      6_858,
    ],
    ['SignRound3Message', signRounds.theta.codec.encode({ theta: full(32) }), 105],
    ['SignRound4Message', signRounds.nonceOpening.codec.encode({ opening: repeated(3, 32), ...schnorr }), 275],
    [
      'SignRound6Message',
      signRounds.blindOpening.codec.encode({
        opening: repeated(5, 32),
        ...schnorr,
        vProofAlphaX: full(32),
        vProofAlphaY: full(32),
        vProofT: full(32),
        vProofU: full(32),
      }),
      479,
    ],
    ['SignRound8Message', signRounds.checkOpening.codec.encode({ opening: repeated(5, 32) }), 241],
  ]
  for (const [name, bytes, expected] of sizes) {
    it(`${name} has the size seen on tss-lib's wire`, () => {
      assert.ok(Math.abs(bytes.length - expected) <= 8, `${bytes.length} bytes instead of ${expected}`)
    })
  }
})

function parsed<P>(decode: (integers: readonly bigint[]) => P | undefined, integers: readonly bigint[]): P {
  const proof = decode(integers)
  assert.ok(proof !== undefined)
  return proof
}
