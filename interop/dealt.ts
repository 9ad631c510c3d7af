import { utf8ToBytes } from '@noble/hashes/utils.js'
import { signingDigest } from '../tss-wasm/content/ethereum.ts'
import { generator, multiplySecret } from '../tss-wasm/curve/point.ts'
import { randomScalar, reduceScalar } from '../tss-wasm/curve/scalar.ts'
import type { KeyShareParty } from '../tss-wasm/keyShare/keyShare.ts'
import { encodeWallet } from '../tss-wasm/keyShare/wallet.ts'
import { signingSsid } from '../tss-wasm/protocols/ssid.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { Secret } from '../tss-wasm/secret.ts'
import { fixturePreParameters } from '../tss-wasm/test/protocols/fixtureShare.ts'
import type { Held, Holder } from './holder.ts'

/**
 * A 2-of-n wallet from elsewhere, dealt by somebody who knows the whole key, which no ceremony does. Only for what keygen
 * does not come upon by itself, as its party keys are the seats: party keys longer than 32 bytes, and for the signers at
 * `positions` an ssid that begins with a zero byte. tss-lib drops that byte, so that all proofs are bound to 31 bytes.
 */
export function unusualWallet(holders: readonly Holder[], positions: readonly number[]): Held[] {
  const [secret, slope] = [randomScalar(systemRandom), randomScalar(systemRandom)]
  const shareFor = (key: bigint) => reduceScalar(secret + slope * key)
  const prepared = holders.map(({ number }) => fixturePreParameters(number))
  const parties = prepared.map(({ paillier, ringPedersen: { nTilde, h1, h2 } }, i): KeyShareParty => {
    const key = longKey(i)
    const publicShare = multiplySecret(generator, shareFor(key))
    return { key, publicShare, paillierN: paillier.n, ringPedersen: { nTilde, h1, h2 } }
  })
  const varied = positions.at(-1) ?? 0
  while (signingSsid(parties.filter((_, i) => positions.includes(i))).length === 32) {
    const key = longKey(varied)
    const party = parties[varied]
    if (party !== undefined) parties[varied] = { ...party, key, publicShare: multiplySecret(generator, shareFor(key)) }
  }
  const publicKey = multiplySecret(generator, secret)
  const seats = holders.map(({ identity }) => identity.public)
  return holders.map((holder, index) => {
    const xi = new Secret(shareFor(parties[index]?.key ?? 0n))
    const preParameters = fixturePreParameters(holder.number)
    const share = { threshold: 2, parties, index, secret: xi, publicKey, preParameters }
    return { ...holder, wallet: encodeWallet({ name: 'From elsewhere', createdAtMs: 0, epoch: 0, seats, share }) }
  })
}

/** 34 bytes; those of higher positions are greater. */
function longKey(position: number): bigint {
  return (BigInt(position + 1) << 264n) + randomScalar(systemRandom)
}

/** An Ethereum message whose digest begins with a zero byte, which tss-lib takes as a shorter integer. */
export function messageWithShortDigest(): Uint8Array {
  for (let i = 0; ; i += 1) {
    const message = utf8ToBytes(`message ${i}`)
    if (signingDigest({ type: 'ethereum-message', message })[0] === 0) return message
  }
}
