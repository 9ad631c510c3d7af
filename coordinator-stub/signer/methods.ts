import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { assembleOrder, type SignedOrder, type SigningOrder } from '../../tss-wasm/content/signing.ts'
import type { SigningContent } from '../../tss-wasm/content/content.ts'
import { encodeTransaction } from '../../tss-wasm/content/transaction.ts'
import { importTypedData } from '../../tss-wasm/content/typedData.ts'
import { isObject, type JsonObject, type JsonValue, writeJson } from '../../tss-wasm/content/json.ts'
import { readAddress, readInteger } from '../../tss-wasm/content/jsonValues.ts'
import { ContentRefused } from '../../tss-wasm/content/refused.ts'
import { failureIn, ProtocolAbort } from '../../tss-wasm/failure.ts'
import { inTurn } from '../../files/inTurn.ts'
import { createBatches, readBatch } from './batches.ts'
import type { Call } from './calls.ts'
import { type Caller, nameOf } from './callers.ts'
import { type Network, passOn, reads, send, wholeTransaction } from './network.ts'
import type { Signed, SignerPorts, SignerWallet } from './ports.ts'
import { RpcError } from './rpcError.ts'

/** Answers calls as a wallet in a browser does (EIP-1193, EIP-1474, EIP-5792): each becomes a request to the wallet's members. */
export interface Signer {
  /** @throws RpcError */
  answer(call: Call, caller: Caller, signal: AbortSignal): Promise<unknown>
}

const mostAccounts = 100

export function createSigner(ports: SignerPorts): Signer {
  const { nodes, ask } = ports
  const listed = new Set([...nodes.map(({ chainId }) => chainId), ...(nodes.length === 0 ? [ports.chainId] : [])])
  const [first = ports.chainId] = listed
  /** On which chain each caller is; callers are few, because they are admitted by name. */
  const chains = new Map<string, bigint>()
  /** One transaction of an account at a time: the nonce of the next one depends on what became of it. */
  const turns = new Map<string, ReturnType<typeof inTurn>>()
  const batches = createBatches(ports.random)

  const networkOf = (caller: Caller): Network => ({ chainId: chains.get(nameOf(caller)) ?? first, nodes, ask })
  const accounts = async () => (await ports.wallets()).slice(0, mostAccounts).map(({ address }) => address)

  /** The same whether asked for or looked up: who is admitted is settled before anything is asked. */
  const permissions = async () => [
    { parentCapability: 'eth_accounts', caveats: [{ type: 'restrictReturnedAccounts', value: await accounts() }] },
  ]

  async function walletOf(given: JsonValue | undefined): Promise<SignerWallet> {
    const address = readAddress(given, 'from')
    const found = (await ports.wallets()).find((wallet) => wallet.address === address)
    if (found === undefined) throw new RpcError('unauthorized', `${address} is none of the signer's accounts`)
    return found
  }

  async function sign(
    content: SigningContent,
    { publicKey }: SignerWallet,
    caller: Caller,
    signal: AbortSignal,
  ): Promise<SignedOrder & Pick<Signed, 'sent'>> {
    const order: SigningOrder = { publicKey, content }
    const signed = await ports.sign(order, `Asked by ${nameOf(caller)}`.slice(0, 280), signal)
    return { ...assembleOrder(order, signed.signatures), sent: (transaction) => signed.sent(transaction) }
  }

  /** What is signed only is sent by the caller, who looks after the nonce. */
  async function transaction(given: JsonValue, caller: Caller, signal: AbortSignal, isSent: boolean): Promise<string> {
    if (!isObject(given)) throw new RpcError('wrongParameters', 'the transaction is an object')
    const wallet = await walletOf(given.get('from'))
    const network = networkOf(caller)
    const turn = turns.get(wallet.address) ?? inTurn()
    turns.set(wallet.address, turn)
    return turn(async () => {
      if (signal.aborted) throw new RpcError('stillWaiting', 'an earlier transaction of the account is still asked for')
      const whole = await wholeTransaction(network, given, wallet.address)
      const content = { type: 'ethereum-transaction', unsigned: encodeTransaction(whole) } as const
      const { result, transactionHash = '', sent } = await sign(content, wallet, caller, signal)
      if (!isSent) return result
      await send(network, result, transactionHash)
      await sent(transactionHash)
      return transactionHash
    })
  }

  const methods: Readonly<Record<string, (call: Call, caller: Caller, signal: AbortSignal) => Promise<unknown>>> = {
    eth_accounts: accounts,
    eth_requestAccounts: accounts,
    wallet_requestPermissions: permissions,
    wallet_getPermissions: permissions,
    eth_chainId: (_, caller) => Promise.resolve(hex(networkOf(caller).chainId)),
    net_version: (_, caller) => Promise.resolve(networkOf(caller).chainId.toString()),

    wallet_switchEthereumChain({ params }, caller) {
      const chainId = readInteger(member(params[0], 'chainId'), 'chainId')
      if (!listed.has(chainId)) throw new RpcError('unknownChain', `the signer has no node of chain ${chainId}`)
      chains.set(nameOf(caller), chainId)
      return Promise.resolve(null)
    },

    async personal_sign({ params: [data, from] }, caller, signal) {
      const wallet = await walletOf(from)
      const content = { type: 'ethereum-message', message: messageOf(data) } as const
      return (await sign(content, wallet, caller, signal)).result
    },

    async eth_signTypedData_v4({ params: [from, data] }, caller, signal) {
      const wallet = await walletOf(from)
      const text = typeof data === 'string' ? data : writeJson(data ?? null)
      const json = importTypedData(text)
      mustBeOfChain(json, networkOf(caller).chainId)
      return (await sign({ type: 'ethereum-typed-data', json }, wallet, caller, signal)).result
    },

    eth_signTransaction: ({ params: [given = null] }, caller, signal) => transaction(given, caller, signal, false),
    eth_sendTransaction: ({ params: [given = null] }, caller, signal) => transaction(given, caller, signal, true),

    async wallet_getCapabilities({ params: [from, chainIds] }) {
      if (from !== undefined) await walletOf(from)
      const asked = Array.isArray(chainIds)
        ? chainIds.map((id) => readInteger(id as JsonValue, 'chainId'))
        : [...listed]
      return Object.fromEntries(
        asked.filter((id) => listed.has(id)).map((id) => [hex(id), { atomic: { status: 'unsupported' } }]),
      )
    },
    async wallet_sendCalls({ params: [given] }, caller) {
      const batch = readBatch(given)
      const wallet = await walletOf(batch.from)
      const { chainId } = networkOf(caller)
      if (batch.chainId !== chainId)
        throw new RpcError('otherChain', `the calls are for chain ${batch.chainId}, and the signer is on ${chainId}`)
      // They go on when the call is answered.
      const one = (call: JsonObject) =>
        transaction(new Map([...call, ['from', wallet.address]]), caller, AbortSignal.timeout(ports.waitMs), true)
      return { id: await batches.run(nameOf(caller), batch, one) }
    },
    wallet_getCallsStatus: ({ params: [id] }, caller) =>
      batches.status(nameOf(caller), id, (transactionHash) =>
        passOn(networkOf(caller), 'eth_getTransactionReceipt', [transactionHash]),
      ),
  }

  return {
    async answer(call, caller, signal) {
      const { method, passedOn } = call
      try {
        const known = Object.hasOwn(methods, method) ? methods[method] : undefined
        if (known !== undefined) return await known(call, caller, signal)
        if (reads.has(method)) return await passOn(networkOf(caller), method, passedOn)
      } catch (error) {
        throw told(error)
      }
      if (refusedMethods.has(method)) throw new RpcError('unsupported', `${method} signs what nobody can read`)
      throw new RpcError('unknownMethod', `the signer does not know ${method.slice(0, 60)}`)
    },
  }
}

/** Old ways to have 32 bytes signed of which nobody can see what they stand for. */
const refusedMethods: ReadonlySet<string> = new Set(['eth_sign', 'eth_signTypedData', 'eth_signTypedData_v3'])

function told(error: unknown): unknown {
  if (error instanceof RpcError) return error
  if (error instanceof ContentRefused) return new RpcError('wrongParameters', error.message)
  if (!(error instanceof ProtocolAbort)) return error
  const failure = failureIn(error)
  if (failure.kind === 'refused' && failure.what === 'policy')
    return new RpcError('rejected', `the policy of this party does not allow it: ${failure.detail}`)
  if (failure.kind === 'disconnected') return new RpcError('node', 'the coordinator cannot be reached')
  return new RpcError('node', `it was not signed: ${error.message}`)
}

/** Bytes in 0x-hex, and any other text as its UTF-8: as wallets take `personal_sign`. */
function messageOf(data: JsonValue | undefined): Uint8Array {
  if (typeof data !== 'string') throw new RpcError('wrongParameters', 'personal_sign takes a text, or bytes in 0x-hex')
  return /^0x([0-9a-f]{2})*$/i.test(data) ? hexToBytes(data.slice(2)) : utf8ToBytes(data)
}

function mustBeOfChain(json: Uint8Array, chainId: bigint): void {
  const { domain } = JSON.parse(new TextDecoder().decode(json)) as { domain?: { chainId?: string | number } }
  if (domain?.chainId !== undefined && BigInt(domain.chainId) !== chainId)
    throw new RpcError('otherChain', `the data is for chain ${domain.chainId}, and the signer is on ${chainId}`)
}

function member(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isObject(value) ? value.get(name) : undefined
}

function hex(number: bigint): string {
  return `0x${number.toString(16)}`
}
