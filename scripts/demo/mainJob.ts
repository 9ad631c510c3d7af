import { bytesToHex } from '@noble/hashes/utils.js'
import { parseTransaction, recoverTransactionAddress, type TransactionSerializedEIP1559 } from 'viem'
import { ethereumAddress } from '../../tss-wasm/content/ethereum.ts'
import { encodeTransaction } from '../../tss-wasm/content/transaction.ts'
import { presignStages } from '../../tss-wasm/protocols/presign.ts'
import { onlineStage } from '../../tss-wasm/protocols/signOnline.ts'
import { createWallet } from '../../web/jobs/createWallet.ts'
import { signContent } from '../../web/jobs/signContent.ts'
import { passphrase, say, seconds, startDemo, watching } from './demoStack.ts'

const never = new AbortController().signal

/** The main job: a 2-of-3 wallet with two server parties, and an Ethereum transaction signed with it. */
export async function mainJob(): Promise<object & { readonly verified: boolean }> {
  say('starting a coordinator and two server parties ...')
  await using demo = await startDemo({ parties: ['server-1', 'server-2'] })
  const { ports, stack } = demo

  say('making pre-parameters: two 2048-bit moduli of safe primes ...')
  const searching = performance.now()
  await ports.preparation.ready()
  const preparationMs = performance.now() - searching

  say('creating a 2-of-3 wallet ...')
  const watchKeygen = watching()
  const form = { name: 'Demo', threshold: 2, serverParties: stack.parties, passphrase: passphrase() }
  const wallet = await createWallet(ports, form, watchKeygen.watch, never)
  const address = ethereumAddress(wallet.publicKey)
  say(`wallet ${address}`)

  say('signing a transaction ...')
  const unsigned = encodeTransaction({
    chainId: 1n,
    nonce: 0n,
    maxPriorityFeePerGas: 1_000_000_000n,
    maxFeePerGas: 30_000_000_000n,
    gasLimit: 21_000n,
    to: '0x000000000000000000000000000000000000dEaD',
    value: 10n ** 15n,
    data: new Uint8Array(),
    accessList: [],
  })
  const watchSign = watching()
  const coSigners = wallet.seats.filter(({ seat }) => seat !== wallet.mySeat).slice(0, 1)
  const content = { type: 'ethereum-transaction', unsigned } as const
  const signed = await signContent(
    ports,
    { wallet, content, coSigners, passphrase: passphrase() },
    watchSign.watch,
    never,
  )

  // Checked by a library that is not ours: the sender recovered from the raw transaction is the wallet.
  const raw = signed.result as TransactionSerializedEIP1559
  const sender = await recoverTransactionAddress({ serializedTransaction: raw })
  const { r, s } = parseTransaction(raw)
  const [ours] = signed.signatures
  const report = {
    address,
    publicKey: bytesToHex(wallet.publicKey),
    keygenMs: watchKeygen.computingMs(),
    signMs: watchSign.computingMs(),
    // Of that: until only one message of each signer is missing, and from there to the signature.
    presignMs: watchSign.betweenMs(presignStages[0], onlineStage),
    onlineSignMs: watchSign.betweenMs(onlineStage),
    protocols: { keygen: 'tss-lib/2', sign: signed.protocol },
    preparationMs: Math.round(preparationMs),
    signature: { r: ours?.r, s: ours?.s, v: ours?.recovery },
    rawTransaction: raw,
    verified: sender === address && r === ours?.r && s === ours?.s,
  }
  say(`keygen ${seconds(report.keygenMs)}, signature ${seconds(report.signMs)}, verified: ${report.verified}`)
  return report
}
