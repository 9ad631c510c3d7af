import assert from 'node:assert/strict'
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { ethereumAddress } from '../tss-wasm/content/ethereum.ts'
import { decodeWallet } from '../tss-wasm/keyShare/wallet.ts'
import { recoverMessageAddress } from 'viem'
import { type Hall, type Made, makeKey, type Observed, type Player, type Signers, signTogether } from './ceremonies.ts'
import { messageWithShortDigest, unusualWallet } from './dealt.ts'
import { type Held, newHolder } from './holder.ts'
import type { Transcript } from './transcript.ts'

/** A session or two, and what must come of them. */
export interface Case {
  readonly name: string
  /** Also in `npm test`; the others in `npm run interop`. */
  readonly quick?: true
  /** Which of its jobs are kept as transcripts. */
  readonly kept?: readonly Transcript['kind'][]
  readonly run: (hall: Hall, observed?: Observed) => Promise<void>
}

const holdersFor = (parties: number) => Promise.all(Array.from({ length: parties }, (_, number) => newHolder(number)))

export const cases: readonly Case[] = [
  {
    name: '2 of 3, two of them tss-lib; then with the shares of seats 1 and 2 exchanged between the programs',
    quick: true,
    kept: ['keygen', 'sign'],
    async run(hall, observed) {
      const [first, second] = await made(hall, 2, ['go', 'go'], observed)
      await signed(hall, { requester: first, others: [[second, 'go']], message: utf8ToBytes('pay'), observed })
      await signed(hall, { requester: second, others: [[first, 'go']], message: messageWithShortDigest(), observed })
    },
  },
  {
    name: 'party keys of 34 bytes, an ssid and a digest with a leading zero byte',
    quick: true,
    kept: ['sign'],
    async run(hall, observed) {
      const [first, , third] = unusualWallet(await holdersFor(3), [0, 2])
      assert.ok(first && third)
      await signed(hall, { requester: third, others: [[first, 'go']], message: messageWithShortDigest(), observed })
    },
  },
  {
    name: '2 of 3, one of them tss-lib; any two sign',
    async run(hall, observed) {
      const [first, second, third] = await made(hall, 2, ['ours', 'go'], observed)
      assert.ok(third)
      await signed(hall, { requester: first, others: [[third, 'go']], message: utf8ToBytes('1 and 3'), observed })
      await signed(hall, { requester: second, others: [[third, 'go']], message: utf8ToBytes('2 and 3'), observed })
      await signed(hall, { requester: first, others: [[second, 'ours']], message: utf8ToBytes('1 and 2'), observed })
    },
  },
  {
    name: '3 of 5, two of them tss-lib; three sign in two mixes, the second with shares exchanged',
    kept: ['sign'],
    async run(hall, observed) {
      const [first, second, third, fourth, fifth] = await made(hall, 3, ['go', 'ours', 'go', 'ours'], observed)
      assert.ok(third && fourth && fifth)
      const firstMix: Mix = [
        [second, 'go'],
        [third, 'ours'],
      ]
      await signed(hall, { requester: first, others: firstMix, message: utf8ToBytes('one mix'), observed })
      const secondMix: Mix = [
        [third, 'go'],
        [fifth, 'go'],
      ]
      await signed(hall, { requester: fourth, others: secondMix, message: utf8ToBytes('another'), observed })
    },
  },
]

type Mix = readonly (readonly [Held, Player])[]
type AtLeastTwo = readonly [Held, Held, ...Held[]]

async function made(
  hall: Hall,
  threshold: number,
  guests: readonly Player[],
  observed: Observed | undefined,
): Promise<AtLeastTwo> {
  const holders = await holdersFor(guests.length + 1)
  const key = await makeKey(hall, holders, { threshold, guests, ...(observed && { observed }) })
  await checkMade(key)
  const [first, second, ...others] = key.holders
  assert.ok(first && second)
  return [first, second, ...others]
}

/** One check code, one key, and shares that agree on everything that is public. */
async function checkMade({ codes, holders, publicKey }: Made): Promise<void> {
  assert.equal(codes.size, 1, `check codes: ${[...codes].join(', ')}`)
  const shares = await Promise.all(holders.map(async ({ wallet }) => (await decodeWallet(wallet)).share))
  const [{ parties }] = shares as [(typeof shares)[number]]
  for (const [i, share] of shares.entries()) {
    assert.deepEqual(share.publicKey.toBytes(true), publicKey)
    assert.equal(share.index, i)
    assert.deepEqual(share.parties.map(publicPart), parties.map(publicPart))
  }
}

type Party = Awaited<ReturnType<typeof decodeWallet>>['share']['parties'][number]
const publicPart = ({ publicShare, ...rest }: Party) => ({ ...rest, X: publicShare.toHex(true) })

type Signing = Omit<Signers, 'observed'> & { readonly observed: Observed | undefined }

/** Everybody ends with one signature, and Ethereum's own judge says it is the wallet's. */
async function signed(hall: Hall, { observed, ...signers }: Signing): Promise<void> {
  const signatures = await signTogether(hall, { ...signers, ...(observed && { observed }) })
  assert.equal(signatures.size, 1, [...signatures].join('\n'))
  const bytes = hexToBytes([...signatures][0] ?? '')
  const recovery = bytes[64] ?? 0
  bytes[64] = 27 + recovery
  const { share } = await decodeWallet(signers.requester.wallet)
  const signer = await recoverMessageAddress({ message: { raw: signers.message }, signature: bytes })
  assert.equal(signer, ethereumAddress(share.publicKey.toBytes(true)))
}
