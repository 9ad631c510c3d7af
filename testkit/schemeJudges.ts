import { createPublicKey, verify as nodeVerify } from 'node:crypto'
import { PublicKey, Signature, verify as blstVerify } from '@chainsafe/blst'
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import { base58 } from '@scure/base'
import { Address, OutScript, p2tr } from '@scure/btc-signer/payment.js'
import { Transaction } from '@scure/btc-signer/transaction.js'
import { ETH2_TYPES as types } from 'micro-eth-signer/ssz.js'
import { verifySchnorr } from 'tiny-secp256k1'

// What keys of other schemes are asked to sign, and libraries that are not ours and say whether they have.

/** RFC 8410's frame around the 32 bytes of a public key. */
const spki = hexToBytes('302a300506032b6570032100')

/** By OpenSSL. */
export function isEd25519Signed(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.from(concatBytes(spki, publicKey)), format: 'der', type: 'spki' })
  return nodeVerify(null, message, key, signature)
}

/** A legacy message with one transfer of SOL, as the network's own libraries write it. */
export function solanaTransfer(from: Uint8Array, to: Uint8Array, lamports: bigint): Uint8Array {
  const data = new Uint8Array(12)
  const view = new DataView(data.buffer)
  view.setUint32(0, 2, true)
  view.setBigUint64(4, lamports, true)
  const system = new Uint8Array(32)
  const recentBlockhash = new Uint8Array(32).fill(9)
  return concatBytes(
    Uint8Array.of(1, 0, 1, 3),
    ...[from, to, system, recentBlockhash],
    Uint8Array.of(1, 2, 2, 0, 1, data.length),
    data,
  )
}

export function solanaAddress(publicKey: Uint8Array): string {
  return base58.encode(publicKey)
}

/** A PSBT by @scure/btc-signer that spends coins of the key's BIP-86 address. @param publicKey 33 bytes, the internal key */
export function taprootPayment(
  publicKey: Uint8Array,
  to: string,
  coins: readonly bigint[],
  amount: bigint,
): Uint8Array {
  const { script, tapInternalKey } = p2tr(publicKey.subarray(1))
  const transaction = new Transaction()
  for (const [index, coin] of coins.entries()) {
    const txid = '11'.repeat(32)
    transaction.addInput({ txid, index, witnessUtxo: { amount: coin, script }, tapInternalKey })
  }
  transaction.addOutputAddress(to, amount)
  return transaction.toPSBT(0)
}

/** By @scure/btc-signer. */
export function taprootAddressOf(publicKey: Uint8Array): string {
  return p2tr(publicKey.subarray(1)).address
}

/** Sighashes by @scure/btc-signer, signatures by libsecp256k1's port: whether every input pays from this address. */
export function isTaprootPaid(transactionHex: string, address: string, coins: readonly bigint[]): boolean {
  const decoded = Address().decode(address)
  if (decoded.type !== 'tr') return false
  const script = OutScript.encode(decoded)
  const transaction = Transaction.fromRaw(hexToBytes(transactionHex))
  return coins.every((_, i) => {
    const [signature, ...more] = transaction.getInput(i).finalScriptWitness ?? []
    if (signature?.length !== 64 || more.length > 0) return false
    const digest = transaction.preimageWitnessV1(
      i,
      coins.map(() => script),
      0,
      [...coins],
    )
    return verifySchnorr(digest, decoded.pubkey, signature)
  })
}

/** SSZ of a deposit message with withdrawals to an address. @param gwei the amount */
export function depositMessage(publicKey: Uint8Array, address: Uint8Array, gwei: bigint): Uint8Array {
  const amount = new Uint8Array(8)
  new DataView(amount.buffer).setBigUint64(0, gwei, true)
  return concatBytes(publicKey, Uint8Array.of(1), new Uint8Array(11), address, amount)
}

/** The root by micro-eth-signer's SSZ, for mainnet; the signature by blst. */
export function isDepositSigned(publicKey: Uint8Array, ssz: Uint8Array, signature: Uint8Array): boolean {
  const objectRoot = types.DepositMessage.merkleRoot(types.DepositMessage.decode(ssz))
  const forkRoot = types.ForkData.merkleRoot({
    current_version: new Uint8Array(4),
    genesis_validators_root: new Uint8Array(32),
  })
  const domain = concatBytes(Uint8Array.of(3, 0, 0, 0), forkRoot.subarray(0, 28))
  const root = types.SigningData.merkleRoot({ object_root: objectRoot, domain })
  return blstVerify(root, PublicKey.fromBytes(publicKey, true), Signature.fromBytes(signature, true))
}
