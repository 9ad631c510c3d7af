import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { join } from 'node:path'
import { writeDurably } from '../../files/dataFolder.ts'
import {
  depositMessage,
  isDepositSigned,
  isEd25519Signed,
  isTaprootPaid,
  solanaAddress,
  solanaTransfer,
  taprootAddressOf,
  taprootPayment,
} from '../../testkit/schemeJudges.ts'
import { makeKey, newSealing, type SchemePerson, signWithKey } from '../../testkit/schemePerson.ts'
import { finalizeTaprootPayment, importTaprootPsbt } from '../../tss-wasm/content/taprootPsbt.ts'
import type { KeyScheme } from '../../tss-wasm/content/keyScheme.ts'
import { say, startDemo } from './demoStack.ts'

const payee = 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'

/**
 * A key of each scheme beside ECDSA, made 2 of 3 with two server parties in real sessions, and a signature by each, judged by
 * a library that is not ours: OpenSSL, libsecp256k1's port with the sighashes of @scure/btc-signer, blst.
 */
export async function schemesDemo(): Promise<object> {
  say('starting a coordinator and two server parties ...')
  await using demo = await startDemo({
    parties: ['server-1', 'server-2'],
    prepareAhead: 0,
    async beforeStart({ path }) {
      const bls12381 = [{ kind: 'ethereum-validator', chainId: '1' }]
      const settings = { version: 1, ed25519: true, taproot: true, bls12381, mostSignaturesPerHour: 60 }
      await writeDurably(join(path, 'schemes.json'), utf8ToBytes(JSON.stringify(settings)))
    },
  })
  const { ports, stack } = demo
  const person: SchemePerson = {
    coordinator: ports.coordinator,
    identity: await ports.identity.load(),
    startEngine: () => ports.startEngine(),
    sealing: await newSealing(),
  }
  const make = async (key: KeyScheme) => {
    say(`making a key of ${key.scheme} ...`)
    return makeKey(person, { key, threshold: 2, parties: stack.parties })
  }

  const solana = await make({ scheme: 'ed25519' })
  const message = solanaTransfer(solana.publicKey, new Uint8Array(32).fill(2), 1_500_000_000n)
  const transfer = await signWithKey(person, solana, { type: 'solana-message', message })
  const ed25519 = {
    address: solanaAddress(solana.publicKey),
    verified: isEd25519Signed(solana.publicKey, message, first(transfer.signatures)),
  }

  const bitcoin = await make({ scheme: 'taproot' })
  const coins = [50_000n, 70_000n]
  const address = taprootAddressOf(bitcoin.publicKey)
  const psbt = importTaprootPsbt(taprootPayment(bitcoin.publicKey, payee, coins, 100_000n), bitcoin.publicKey)
  const payment = await signWithKey(person, bitcoin, { type: 'taproot-psbt', psbt })
  const { transaction } = finalizeTaprootPayment(psbt, payment.signatures)
  const taproot = { address, verified: isTaprootPaid(transaction, address, coins) }

  const validator = await make({ scheme: 'bls12381', domain: { kind: 'ethereum-validator', chainId: 1n } })
  const ssz = depositMessage(validator.publicKey, new Uint8Array(20).fill(5), 32_000_000_000n)
  const deposit = await signWithKey(person, validator, { type: 'validator-object', object: 'deposit', ssz })
  const bls12381 = {
    publicKey: bytesToHex(validator.publicKey),
    verified: isDepositSigned(validator.publicKey, ssz, first(deposit.signatures)),
  }
  return { ed25519, taproot, bls12381 }
}

function first(signatures: readonly Uint8Array[]): Uint8Array {
  const [signature] = signatures
  if (signature === undefined) throw new Error('one signature was asked for')
  return signature
}
