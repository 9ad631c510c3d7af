import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { x25519 } from '@noble/curves/ed25519.js'
import { Decrypter, Encrypter } from 'age-encryption'
import { bytesToHex } from '@noble/hashes/utils.js'
import { ageIdentity, ageRecipient, newAgeKey } from '../../guardians/ageKey.ts'
import { inverse, times } from '../../guardians/field256.ts'
import { joinPieces, PieceError, type PieceFault, readPiece, splitSecret } from '../../guardians/slip39.ts'
import { words } from '../../guardians/words.ts'
import { systemRandom } from '../../random.ts'

/** Of the reference implementation (python-shamir-mnemonic, MIT): description, pieces, secret or '', extended key. */
type Vector = readonly [description: string, pieces: readonly string[], secret: string, xprv: string]
const vectors = JSON.parse(readFileSync(new URL('slip39-vectors.json', import.meta.url), 'utf8')) as readonly Vector[]

function faultOf(pieces: readonly string[]): PieceFault {
  try {
    joinPieces(pieces)
  } catch (error) {
    assert.ok(error instanceof PieceError, String(error))
    return error.fault
  }
  return assert.fail('they were joined')
}

/** With the word at this place, from 0, made another one. */
function misread(piece: string, at: number): string {
  const typed = piece.split(' ')
  return typed.with(at, words[(words.indexOf(typed[at] ?? '') + 1) % words.length] ?? '').join(' ')
}

describe('a secret in pieces of words', () => {
  it('is joined, or refused, as the reference implementation has it; pieces of groups are refused by name', () => {
    const counts = { joined: 0, refused: 0, groups: 0 }
    for (const [description, pieces, secret] of vectors) {
      try {
        assert.equal(bytesToHex(joinPieces(pieces, 'TREZOR')), secret, description)
        counts.joined += 1
      } catch (error) {
        assert.ok(error instanceof PieceError, `${description}: ${String(error)}`)
        if (secret === '') counts.refused += 1
        else {
          assert.equal(error.fault.kind, 'form', description)
          counts.groups += 1
        }
      }
    }
    assert.deepEqual(counts, { joined: 9, refused: 30, groups: 6 })
  })

  it('comes back from any k of n, in any order, and from more', () => {
    const secret = systemRandom(32)
    for (const [k, n] of [
      [2, 2],
      [2, 3],
      [3, 5],
      [16, 16],
    ] as const) {
      const pieces = splitSecret(secret, { k, n }, systemRandom)
      assert.equal(pieces.length, n)
      assert.ok(pieces.every((piece) => piece.split(' ').length === 33))
      assert.deepEqual(joinPieces(pieces.slice(-k).toReversed()), new Uint8Array(secret))
      assert.deepEqual(joinPieces(pieces), new Uint8Array(secret))
      assert.deepEqual(faultOf(pieces.slice(1, k)), { kind: 'too-few', needed: k, given: k - 1 })
    }
  })

  it('is read however it is typed, and from the first four letters of each word', () => {
    const secret = systemRandom(32)
    const [one = '', two = ''] = splitSecret(secret, { k: 2, n: 2 }, systemRandom)
    const short = two
      .split(' ')
      .map((word) => word.slice(0, 4))
      .join('\n ')
    assert.deepEqual(joinPieces([`  ${one.toUpperCase()}\n`, short]), new Uint8Array(secret))
  })

  it('says which word is none, that one is misread, and which piece is of another secret', () => {
    const [one = '', two = ''] = splitSecret(systemRandom(32), { k: 2, n: 3 }, systemRandom)
    const [other = ''] = splitSecret(systemRandom(32), { k: 2, n: 3 }, systemRandom)
    assert.deepEqual(faultOf([one, two.replace(/^\S+/, 'quorate')]), { kind: 'word', word: 'quorate', at: 1 })
    for (let at = 0; at < 33; at += 1) assert.deepEqual(faultOf([one, misread(two, at)]), { kind: 'checksum' })
    assert.deepEqual(faultOf([one, two.split(' ').slice(0, 19).join(' ')]), { kind: 'length', words: 19 })
    assert.equal(faultOf([one, two.split(' ').slice(1).join(' ')]).kind, 'checksum')
    assert.equal(readPiece(other).identifier === readPiece(one).identifier, false)
    assert.deepEqual(faultOf([one, other]), { kind: 'other-secret' })
    assert.deepEqual(faultOf([one, one]), { kind: 'twice', index: 0 })
  })

  it('is told from another one that its pieces were meddled with to give', () => {
    const [one = ''] = splitSecret(systemRandom(32), { k: 2, n: 2 }, systemRandom)
    const mixed = splitSecretLike(one)
    assert.deepEqual(faultOf([one, mixed]), { kind: 'misfit' })
  })

  it('is of a field: every element but 0 has an inverse', () => {
    for (let a = 1; a < 256; a += 1) assert.equal(times(a, inverse(a)), 1)
    assert.deepEqual([times(0x57, 0x83), times(0, 0x83)], [0xc1, 0], 'FIPS 197, 4.2')
  })
})

/** A second piece under the identifier of this one, but of another secret: found by splitting until the identifiers agree. */
function splitSecretLike(piece: string): string {
  const [first, second] = new Uint8Array(2).map((_, i) => {
    const { identifier } = readPiece(piece)
    return i === 0 ? identifier >> 7 : (identifier << 1) & 0xff
  })
  let isFirst = true
  const [, two = ''] = splitSecret(systemRandom(32), { k: 2, n: 2 }, (length) => {
    if (!isFirst || length !== 2) return systemRandom(length)
    isFirst = false
    return Uint8Array.of(first ?? 0, second ?? 0)
  })
  return two
}

const pythonMissing = spawnSync('python3', ['--version']).status === 0 ? false : 'Python 3 is not installed'

describe('the key that guardians hold', () => {
  it('keys never begin with a zero byte, which Safari’s engine does not read', async () => {
    const key = newAgeKey((length) => new Uint8Array(length))
    assert.notEqual(key[0], 0)
    const scalar = x25519.getPublicKey(new Uint8Array(32))
    assert.deepEqual(x25519.getPublicKey(key), scalar, 'the same key, whose bits are as random as before')
    assert.match(await ageRecipient(key), /^age1/)
  })

  it('is one of age: what is sealed to its recipient opens with its identity', async () => {
    const key = newAgeKey(systemRandom)
    const encrypter = new Encrypter()
    encrypter.addRecipient(await ageRecipient(key))
    const sealed = await encrypter.encrypt('a share')
    const decrypter = new Decrypter()
    decrypter.addIdentity(ageIdentity(key))
    assert.equal(await decrypter.decrypt(sealed, 'text'), 'a share')
    assert.match(ageIdentity(key), /^AGE-SECRET-KEY-1[0-9A-Z]{58}$/)
    assert.throws(() => ageIdentity(key.subarray(1)), RangeError)
  })

  it('is written as age reads it by the lines of docs/GUARDIANS.md', { skip: pythonMissing }, () => {
    const guide = readFileSync(new URL('../../../docs/GUARDIANS.md', import.meta.url), 'utf8')
    const script = /```python\n([^`]+)```/.exec(guide)?.[1]
    assert.ok(script)
    const key = newAgeKey(systemRandom)
    const { stdout } = spawnSync('python3', ['-c', script], { input: bytesToHex(key), encoding: 'utf8' })
    assert.equal(stdout.trim(), ageIdentity(key))
  })
})
