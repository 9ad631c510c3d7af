import { hexToBytes } from '@noble/hashes/utils.js'
import { readFileSync } from 'node:fs'
import { decodeSolanaMessage } from '../../tss-wasm/content/solana.ts'
import { decodeTaprootPsbt, importTaprootPsbt, taprootDigests } from '../../tss-wasm/content/taprootPsbt.ts'
import { decodeValidatorObject, validatorSigningRoot } from '../../tss-wasm/content/validator.ts'
import { decodeG2, g1 } from '../../tss-wasm/groups/bls12381.ts'
import { ed25519 } from '../../tss-wasm/groups/ed25519.ts'
import type { Decoded } from '../../tss-wasm/groups/group.ts'
import { secp256k1 } from '../../tss-wasm/groups/secp256k1.ts'
import { parseEddsaSaveData } from '../../tss-wasm/schemes/eddsaSaveData.ts'
import { keygenRounds } from '../../tss-wasm/schemes/messages.ts'
import { taprootPayment } from '../../testkit/schemeJudges.ts'
import { accepts, promise, text, utf8, type Target } from '../target.ts'

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../tss-wasm/test/fixtures/schemes/${name}.json`, import.meta.url), 'utf8'))

const { keygen, signatures } = fixture('bls12381-3of5') as {
  readonly keygen: { readonly groupPublicKey: string }
  readonly signatures: readonly { readonly signature: string }[]
}

interface AnyPoint {
  toBytes(): Uint8Array
  is0(): boolean
  isTorsionFree(): boolean
}

/** By length: each kind of point has its own. */
const decoders = new Map<number, (bytes: Uint8Array) => Decoded<AnyPoint>>([
  [32, ed25519.decodeElement],
  [33, secp256k1.decodeElement],
  [48, g1.decodeElement],
  [96, decodeG2],
])

/** A point of any of the groups, from a peer. */
export const groupElement: Target = {
  name: 'group-element',
  seeds: () => [
    ed25519.generator.toBytes(),
    secp256k1.generator.toBytes(),
    hexToBytes(keygen.groupPublicKey),
    ...signatures.map(({ signature }) => hexToBytes(signature)),
  ],
  read(bytes) {
    const decoded = decoders.get(bytes.length)?.(bytes)
    if (decoded === undefined || 'failed' in decoded) return false
    promise(Buffer.compare(decoded.passed.toBytes(), bytes) === 0, 'a point is written in one way')
    promise(!decoded.passed.is0() && decoded.passed.isTorsionFree(), 'it is in the prime-order group, and not its zero')
    return true
  },
}

const { codec } = keygenRounds.ed25519.dealing

/** What a dealer says in key generation; the points in it are read afterwards. */
export const dealing: Target = {
  name: 'dealing',
  seeds: () => [new Uint8Array(64 + 2 * 32).fill(7), new Uint8Array(64 + 20 * 32).fill(7)],
  read: (bytes) =>
    accepts(
      () => {
        const { commitments } = codec.decode(bytes)
        promise(commitments.length >= 1 && commitments.length <= 20, 'there are 1 to 20 commitments')
        promise(Buffer.compare(codec.encode(codec.decode(bytes)), bytes) === 0, 'a dealing is written in one way')
      },
      (error) => error instanceof RangeError,
    ),
}

/** A share of a Go deployment. */
export const eddsaSaveData: Target = {
  name: 'eddsa-save-data',
  words: ['"Xi":', '"ShareID":', '"Ks":[', '"BigXj":[', '"Curve":"ed25519"', '"Coords":[', '"EDDSAPub":'],
  seeds: () => (fixture('tss-lib-eddsa') as { readonly saves: readonly string[] }).saves.map(utf8),
  read: (bytes) =>
    accepts(() => {
      const { parties, index } = parseEddsaSaveData(text(bytes), 2)
      promise(parties[index] !== undefined, 'a share has its own party')
    }),
}

export const solanaMessage: Target = {
  name: 'solana-message',
  seeds: () =>
    Object.values((fixture('solana-messages') as { readonly messages: Readonly<Record<string, string>> }).messages).map(
      hexToBytes,
    ),
  read: (bytes) =>
    accepts(() => {
      const { accounts, signers, instructions } = decodeSolanaMessage(bytes)
      promise(signers.length >= 1 && signers.length <= accounts.length, 'somebody signs, and is an account')
      promise(new Set(accounts.map(({ address }) => address)).size === accounts.length, 'accounts differ')
      const addresses = new Set(accounts.map(({ address }) => address))
      promise(
        instructions.every(({ program }) => addresses.has(program)),
        'programs are accounts',
      )
      promise(
        accounts.every(({ address }) => address.length >= 32 && address.length <= 44),
        'an address is of 32 bytes',
      )
    }),
}

const taprootKey = hexToBytes('0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798')
const payee = 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'

/** A payment by key path, as other programs write it. */
export const taprootPsbt: Target = {
  name: 'taproot-psbt',
  seeds: () => [taprootPayment(taprootKey, payee, [50_000n, 70_000n], 100_000n)],
  read: (bytes) =>
    accepts(() => {
      const psbt = importTaprootPsbt(bytes, taprootKey)
      promise(Buffer.compare(importTaprootPsbt(psbt, taprootKey), psbt) === 0, 'a payment is written in one way')
      const payment = decodeTaprootPsbt(psbt, taprootKey)
      promise(payment.fee >= 0n && payment.leaving >= 0n, 'nothing is made of nothing')
      promise(taprootDigests(psbt, payment).length === payment.inputs.length, 'each input has a digest')
    }),
}

const signer = hexToBytes(keygen.groupPublicKey)

/** What a validator's key is asked to sign. */
export const validatorObject: Target = {
  name: 'validator-object',
  seeds: () => [
    new Uint8Array([
      ...signer,
      1,
      ...new Uint8Array(11),
      ...new Uint8Array(20).fill(5),
      0,
      0x40,
      0x59,
      0x73,
      7,
      0,
      0,
      0,
    ]),
    new Uint8Array(16).fill(3),
    new Uint8Array([...new Uint8Array(8).fill(1), ...signer, ...new Uint8Array(20).fill(9)]),
  ],
  read(bytes) {
    const kinds = ['deposit', 'voluntary-exit', 'withdrawal-change'] as const
    const read = kinds.filter((kind) => accepts(() => decodeValidatorObject(kind, bytes, signer)))
    promise(read.length <= 1, 'bytes are one object, not two')
    for (const kind of read) promise(validatorSigningRoot(kind, bytes, signer, 1n).length === 32, 'it has a root')
    return read.length === 1
  },
}
