import {
  AbstractSigner,
  computeAddress,
  getAddress,
  getBytes,
  type Provider,
  resolveAddress,
  Signature as EthersSignature,
  toUtf8Bytes,
  Transaction,
  type TransactionLike,
  type TransactionRequest,
} from 'ethers'
import { toBase64 } from './base64.ts'
import type { Sign } from './viem.ts'

/** A wallet as a signer of ethers 6. The other parties see the message or the transaction itself, never a bare hash. */
export class QuorateSigner extends AbstractSigner {
  readonly address: string
  readonly #publicKey: string
  readonly #sign: Sign

  /** @param publicKey of the wallet, compressed, in hex, as `Account.public_key` gives it */
  constructor(publicKey: string, sign: Sign, provider?: Provider | null) {
    super(provider)
    this.address = computeAddress(`0x${publicKey}`)
    this.#publicKey = publicKey
    this.#sign = sign
  }

  override getAddress(): Promise<string> {
    return Promise.resolve(this.address)
  }

  override connect(provider: Provider | null): QuorateSigner {
    return new QuorateSigner(this.#publicKey, this.#sign, provider)
  }

  override async signMessage(message: string | Uint8Array): Promise<string> {
    const bytes = typeof message === 'string' ? toUtf8Bytes(message) : message
    const { r, s, v } = await this.#sign({ type: 'ethereum-message', message: toBase64(bytes) })
    return `0x${r}${s}${v.toString(16)}`
  }

  /** @throws Error when `from` is another account, or the chain is not said */
  override async signTransaction(request: TransactionRequest): Promise<string> {
    const { from, to, ...rest } = request
    if (from !== undefined && from !== null && getAddress(await resolveAddress(from, this.provider)) !== this.address) {
      throw new Error('from is not the address of this wallet')
    }
    const resolved = to === undefined || to === null ? rest : { ...rest, to: await resolveAddress(to, this.provider) }
    const transaction = Transaction.from(resolved as TransactionLike)
    if (transaction.chainId === 0n)
      throw new Error('chainId is missing: without it the transaction counts on every chain')
    const unsigned = toBase64(getBytes(transaction.unsignedSerialized))
    const { r, s, recovery } = await this.#sign({ type: 'ethereum-transaction', unsigned })
    transaction.signature = EthersSignature.from({ r: `0x${r}`, s: `0x${s}`, yParity: recovery === 1 ? 1 : 0 })
    return transaction.serialized
  }

  override signTypedData(): Promise<string> {
    return Promise.reject(new Error('the coordinator takes messages and transactions only; sign typed data in the app'))
  }
}
