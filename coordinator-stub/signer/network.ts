import { ethHex } from 'micro-eth-signer'
import { feesOf, isSteep } from '../../chain/evm/fees.ts'
import { type AskRpc, hostOf, introduced, type ListedNode, NodeTrouble, type Question } from '../../chain/evm/node.ts'
import { gasLimitOf } from '../../chain/evm/payment.ts'
import { feeHistory, hash, historyBlocks, percentiles, quantity } from '../../chain/evm/words.ts'
import { type JsonValue, writeJson } from '../../tss-wasm/content/json.ts'
import { readTransactionJson } from '../../tss-wasm/content/transactionJson.ts'
import type { AccessListEntry, EthereumTransaction } from '../../tss-wasm/content/transaction.ts'
import { z } from '../../tss-wasm/zod.ts'
import { RpcError } from './rpcError.ts'

/** One chain as its nodes show it. */
export interface Network {
  readonly chainId: bigint
  readonly nodes: readonly ListedNode[]
  readonly ask: AskRpc
}

/** What is only passed on: it reads, and changes nothing. */
export const reads: ReadonlySet<string> = new Set([
  'eth_blockNumber',
  'eth_call',
  'eth_estimateGas',
  'eth_feeHistory',
  'eth_gasPrice',
  'eth_getBalance',
  'eth_getBlockByHash',
  'eth_getBlockByNumber',
  'eth_getBlockTransactionCountByHash',
  'eth_getBlockTransactionCountByNumber',
  'eth_getCode',
  'eth_getLogs',
  'eth_getStorageAt',
  'eth_getTransactionByHash',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'eth_maxPriorityFeePerGas',
  'eth_syncing',
  'web3_clientVersion',
])

/** A node's own answer, its errors included, in its own words. @throws RpcError where none can be asked */
export async function passOn(network: Network, method: string, params: readonly unknown[]): Promise<unknown> {
  const question = await firstNode(network)
  return troubled(() => question(method, params, z.unknown()))
}

/**
 * A transaction with everything that it takes: what the caller has left out is filled in by the chain's node.
 * @param given the one parameter of eth_sendTransaction
 * @param signer address, with checksum
 * @throws RpcError; ContentRefused naming what is wrong with it
 */
export async function wholeTransaction(
  network: Network,
  given: JsonValue,
  signer: string,
): Promise<EthereumTransaction> {
  const { said, transaction } = readTransactionJson(writeJson(given), signer)
  const { chainId } = network
  if (said.chainId !== undefined && said.chainId !== chainId)
    throw new RpcError('otherChain', `the transaction is of chain ${said.chainId}, and the signer is on ${chainId}`)
  if (transaction !== undefined) return transaction
  const question = await firstNode(network)
  return troubled(async () => {
    const { form, to, value = 0n, data = new Uint8Array(), accessList = [] } = said
    const nonce = said.nonce ?? (await question('eth_getTransactionCount', [signer, 'pending'], quantity))
    const gasLimit = said.gasLimit ?? gasLimitOf(await question('eth_estimateGas', [estimated(said, signer)], quantity))
    const fees = await feesFor(question, chainId, said)
    const { authorizations } = said
    const whole = { chainId, nonce, gasLimit, ...fees, to, value, data, accessList }
    return { form, authorizations, ...whole } as EthereumTransaction
  })
}

/** Hands a signed transaction, 0x-hex, to the chain. @throws RpcError with the node's own words where it does not take it */
export async function send(network: Network, signed: string, transactionHash: string): Promise<void> {
  const question = await firstNode(network)
  try {
    const known = await question('eth_sendRawTransaction', [signed], hash)
    if (known !== transactionHash) throw new RpcError('notTaken', 'the node knows the transaction by another hash')
  } catch (error) {
    if (!(error instanceof NodeTrouble)) throw error
    // It is signed: whoever asked can hand it to another node.
    const words = error.trouble.kind === 'refused' ? `: “${error.trouble.words}”` : ''
    throw new RpcError('notTaken', `the node does not take the signed transaction${words}`, { signed, transactionHash })
  }
}

/** The first node of the chain that answers, and is of it. */
async function firstNode({ chainId, nodes, ask }: Network): Promise<Question> {
  const listed = nodes.filter((node) => node.chainId === chainId)
  if (listed.length === 0)
    throw new RpcError('node', `no node of chain ${chainId} is listed: give nonce, gas and fees, and sign only`)
  for (const node of listed) {
    try {
      return await introduced(ask, node)
    } catch (error) {
      if (!(error instanceof NodeTrouble)) throw error
    }
  }
  throw new RpcError('node', `no node of chain ${chainId} answers: ${listed.map(hostOf).join(', ')}`)
}

async function troubled<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof NodeTrouble)) throw error
    const { trouble } = error
    if (trouble.kind !== 'refused') throw new RpcError('node', 'the node does not answer as it should')
    throw new RpcError('node', `the node says: “${trouble.words}”`, trouble.data)
  }
}

type Fees = Pick<EthereumTransaction, 'maxFeePerGas' | 'maxPriorityFeePerGas'>

async function feesFor(question: Question, chainId: bigint, said: Partial<EthereumTransaction>): Promise<Fees> {
  const { maxFeePerGas, maxPriorityFeePerGas } = said
  if (maxFeePerGas !== undefined && maxPriorityFeePerGas !== undefined) return { maxFeePerGas, maxPriorityFeePerGas }
  const suggested = await suggestedFees(question, said.form)
  if (maxFeePerGas === undefined && isSteep(chainId, suggested.maxFeePerGas))
    throw new RpcError('node', 'the node asks for a fee far above what is usual: give maxFeePerGas, if it is right')
  const most = maxFeePerGas ?? suggested.maxFeePerGas
  const tip = maxPriorityFeePerGas ?? suggested.maxPriorityFeePerGas
  // A tip above the whole fee is no transaction.
  return { maxFeePerGas: most, maxPriorityFeePerGas: tip < most ? tip : most }
}

async function suggestedFees(question: Question, form: EthereumTransaction['form']): Promise<Fees> {
  if (form === 'legacy' || form === 'access-list') {
    const price = await question('eth_gasPrice', [], quantity)
    return { maxFeePerGas: price, maxPriorityFeePerGas: price }
  }
  const asked = [`0x${historyBlocks.toString(16)}`, 'latest', percentiles]
  return feesOf(await question('eth_feeHistory', asked, feeHistory)).normal
}

/** From the one who signs: estimates depend on who pays. */
function estimated({ to, value = 0n, data, accessList = [] }: Partial<EthereumTransaction>, from: string): unknown {
  const keysOf = ({ address, storageKeys }: AccessListEntry) => ({
    address,
    storageKeys: storageKeys.map((key) => ethHex.encode(key)),
  })
  return {
    ...{ from, value: `0x${value.toString(16)}` },
    ...(to !== undefined && { to }),
    ...(data !== undefined && { data: ethHex.encode(data) }),
    ...(accessList.length > 0 && { accessList: accessList.map(keysOf) }),
  }
}
