import { bytesToHex } from '@noble/hashes/utils.js'
import type { Token } from '../../tss-wasm/content/tokens.ts'
import { z } from '../../tss-wasm/zod.ts'
import { orTrouble } from './agreement.ts'
import { transferCall } from './erc20.ts'
import { introduced, type AskRpc, type ListedNode, type Trouble } from './node.ts'
import { hash } from './words.ts'

/** What development nodes call themselves; their coins are worth nothing. */
const localChain = 31337n
const coins = 10n * 10n ** 18n
/** Of each token, in its unit. */
const tokenUnits = 10_000n

/** The node on this very machine that gives coins away, where one is listed. */
export function giverAmong(nodes: readonly ListedNode[], chainId: bigint): ListedNode | undefined {
  const isHere = ({ url }: ListedNode) => ['127.0.0.1', 'localhost'].includes(new URL(url).hostname)
  return nodes.find((node) => chainId === localChain && node.chainId === localChain && isHere(node))
}

/**
 * Asks a development node to send coins and tokens of its own first account, which it holds the key of.
 * @returns what was in the way, if anything was
 */
export async function giveTestCoins(
  ask: AskRpc,
  node: ListedNode,
  to: string,
  tokens: readonly Token[],
): Promise<Trouble | undefined> {
  const giving = async () => {
    const question = await introduced(ask, node)
    const [from] = await question('eth_accounts', [], z.array(z.string().regex(/^0x[0-9a-f]{40}$/i)).min(1))
    await question('eth_sendTransaction', [{ from, to, value: `0x${coins.toString(16)}` }], hash)
    for (const { address, decimals } of tokens) {
      const data = `0x${bytesToHex(transferCall(to, tokenUnits * 10n ** BigInt(decimals)))}`
      await question('eth_sendTransaction', [{ from, to: address, data }], hash)
    }
  }
  const end = await orTrouble(giving())
  return 'trouble' in end ? end.trouble : undefined
}
