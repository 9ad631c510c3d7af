import { encodeAbiParameters, parseAbiParameters, type Hex } from 'viem'
import type { AskRpc } from '../evm/node.ts'
import { ethereumNode } from '../http/ethereumNode.ts'

export type Answers = Readonly<Record<string, (params: readonly unknown[]) => unknown>>

/** What a call answers that the contract refuses. */
export class Refusal {
  readonly message: string
  readonly data: unknown
  constructor(message: string, data?: unknown) {
    this.message = message
    this.data = data
  }
}

const word = (type: string, value: unknown): Hex => encodeAbiParameters(parseAbiParameters(type), [value] as never)

export const token = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
export const payer = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
export const friend = '0x1111111111111111111111111111111111111111'

/** A node of chain 1 that tells the truth: 2 ETH, 5,000 tokens of 6 decimals, nonce 7, a base fee of 10 gwei. */
export const honest: Answers = {
  eth_chainId: () => '0x1',
  eth_getBalance: () => '0x1bc16d674ec80000',
  eth_getTransactionCount: () => '0x7',
  eth_getCode: () => '0x',
  eth_estimateGas: () => '0xc350',
  eth_feeHistory: () => ({
    oldestBlock: '0x1',
    baseFeePerGas: ['0x2540be400', '0x2540be400', '0x2540be400'],
    gasUsedRatio: [0.5, 0.5],
    reward: [
      ['0x3b9aca00', '0x77359400', '0xb2d05e00'],
      ['0x3b9aca00', '0x77359400', '0xb2d05e00'],
    ],
  }),
  eth_call: ([call]) => {
    const { data } = call as { data: string }
    if (data.startsWith('0x70a08231')) return word('uint256', 5_000_000_000n)
    if (data === '0x95d89b41') return word('string', 'TEST')
    if (data === '0x313ce567') return word('uint8', 6)
    return data === '0x' ? '0x' : word('bool', true)
  },
}

export interface Asked {
  readonly host: string
  readonly method: string
}

/**
 * The app's own client, on nodes that answer as they are told here.
 * @param nodes by host; a text is the whole body of every answer, undefined never answers
 */
export function network(nodes: Readonly<Record<string, Answers | string | undefined>>, timeoutMs = 30_000) {
  const asked: Asked[] = []
  const ask: typeof fetch = async (url, init = {}) => {
    const { host } = new URL(url instanceof Request ? url.url : url)
    const { id, method, params } = JSON.parse(init.body as string) as { id: number; method: string; params: unknown[] }
    asked.push({ host, method })
    const answers = nodes[host]
    if (answers === undefined) {
      // As fetch does when nothing comes: it ends when its time is over. A timer of its own keeps the process until then.
      const held = setTimeout(() => undefined, 60_000)
      return new Promise((_, reject) => {
        init.signal?.addEventListener('abort', () => {
          clearTimeout(held)
          reject(new DOMException('timeout', 'TimeoutError'))
        })
      })
    }
    if (typeof answers === 'string') return new Response(answers)
    const result = answers[method]?.(params)
    const outcome =
      result instanceof Refusal ? { error: { code: 3, message: result.message, data: result.data } } : { result }
    return new Response(JSON.stringify({ jsonrpc: '2.0', id, ...outcome }))
  }
  const rpc: AskRpc = ethereumNode(ask, timeoutMs)
  const listed = Object.keys(nodes).map((host) => ({ chainId: 1n, url: `https://${host}/key` }))
  return { ask: rpc, listed, asked }
}
