import { secp256k1 } from '@noble/curves/secp256k1.js'
import { RawOldTx } from '@scure/btc-signer/script.js'
import { Transaction } from '@scure/btc-signer/transaction.js'
import { sha256x2 } from '@scure/btc-signer/utils.js'
import type { ContentSignature } from '../../content/ethereum.ts'
import { keyAt, type KeyPath } from '../../content/keys.ts'
import { keyHashScript } from '../../content/scripts.ts'
import type { SigningTask } from '../../content/signing.ts'

export interface Coin {
  readonly path: KeyPath
  readonly amount: bigint
}

export interface Sending {
  readonly script: Uint8Array
  readonly amount: bigint
}

/** A transaction that pays a coin out, as its owner would have received it. */
export function previous(script: Uint8Array, amount: bigint, salt: number) {
  const transaction = {
    version: 2,
    segwitFlag: false,
    inputs: [
      {
        txid: new Uint8Array(32).fill(salt),
        index: salt,
        finalScriptSig: Uint8Array.of(1, salt),
        sequence: 0xffffffff,
      },
    ],
    outputs: [
      { amount: 1000n + BigInt(salt), script: Uint8Array.of(0x51) },
      { amount, script },
    ],
    witnesses: undefined,
    lockTime: 0,
  }
  return { transaction, id: sha256x2(RawOldTx.encode(transaction)).reverse(), index: 1 }
}

/** A PSBT as other programs write it, with btc-signer. `change` replaces fields of the inputs. */
export function psbtOf(
  publicKey: Uint8Array,
  coins: readonly Coin[],
  sendings: readonly Sending[],
  change: { readonly input?: object; readonly sequence?: number; readonly lockTime?: number } = {},
): Uint8Array {
  const transaction = new Transaction({
    allowUnknownOutputs: true,
    ...(change.lockTime !== undefined && { lockTime: change.lockTime }),
  })
  for (const [i, { path, amount }] of coins.entries()) {
    const script = keyHashScript(keyAt(publicKey, path).publicKey)
    const { transaction: nonWitnessUtxo, id, index } = previous(script, amount, i + 1)
    transaction.addInput({
      txid: id,
      index,
      witnessUtxo: { amount, script },
      nonWitnessUtxo,
      sequence: change.sequence ?? 0xfffffffd,
      ...change.input,
    })
  }
  for (const { script, amount } of sendings) transaction.addOutput({ script, amount })
  return transaction.toPSBT(0)
}

/** Signs each task as a single owner of the whole key would. */
export function signedBy(secretKey: Uint8Array, tasks: readonly SigningTask[]): ContentSignature[] {
  const { Fn } = secp256k1.Point
  return tasks.map(({ key, digest }) => {
    const secret = Fn.toBytes(Fn.add(Fn.fromBytes(secretKey), key.tweak))
    const raw = secp256k1.sign(digest, secret, { prehash: false, format: 'recovered', lowS: true })
    return { recovery: raw[0] ?? 0, r: raw.slice(1, 33), s: raw.slice(33) }
  })
}
