import { hexToBytes, serializeTransaction, stringToBytes } from 'viem'
import { type LocalAccount, publicKeyToAddress, toAccount } from 'viem/accounts'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { Signature } from './client.ts'
import { toBase64 } from './base64.ts'
import type { Content } from './user.ts'

/** Asks the other parties for a signature of this content, such as `client.sign` with everything else filled in. */
export type Sign = (content: Content) => Promise<Signature>

/**
 * A wallet as an account of viem. The other parties see the message or the transaction itself, never a bare hash.
 * @param publicKey of the wallet, compressed, in hex, as `Account.public_key` gives it
 */
export function toQuorateAccount(publicKey: string, sign: Sign): LocalAccount {
  const address = publicKeyToAddress(`0x${secp256k1.Point.fromHex(publicKey).toHex(false)}`)
  return toAccount({
    address,
    async signMessage({ message }) {
      const bytes =
        typeof message === 'string'
          ? stringToBytes(message)
          : typeof message.raw === 'string'
            ? hexToBytes(message.raw)
            : message.raw
      const { r, s, v } = await sign({ type: 'ethereum-message', message: toBase64(bytes) })
      return `0x${r}${s}${v.toString(16)}`
    },
    async signTransaction(transaction, { serializer = serializeTransaction } = {}) {
      const unsigned = await serializer(transaction)
      const { r, s, recovery } = await sign({
        type: 'ethereum-transaction',
        unsigned: toBase64(hexToBytes(unsigned)),
      })
      return serializer(transaction, { r: `0x${r}`, s: `0x${s}`, yParity: recovery })
    },
    signTypedData() {
      return Promise.reject(
        new Error('the coordinator takes messages and transactions only; sign typed data in the app'),
      )
    },
  })
}
