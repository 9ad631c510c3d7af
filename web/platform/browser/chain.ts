import { addr } from 'micro-eth-signer'
import { isRecord } from '../../../tss-wasm/isRecord.ts'
import type { ListedChain } from '../nodes.ts'

const longestList = 128 * 1024
const nothing: ListedChain = { nodes: [], tokens: [] }

/** What whoever serves this app lists; nothing when they do not say. An entry that cannot be read is left out. */
export async function loadChain(path = '/rpc.json'): Promise<ListedChain> {
  try {
    const response = await fetch(path, { cache: 'no-cache', signal: AbortSignal.timeout(15_000) })
    const text = await response.text()
    return response.ok && text.length <= longestList ? readChain(JSON.parse(text)) : nothing
  } catch {
    return nothing
  }
}

/** Strictly: a token's contract has to be an address, and its decimals a number that tokens have. */
export function readChain(value: unknown): ListedChain {
  const { nodes, tokens } = isRecord(value) ? value : {}
  return {
    nodes: records(nodes).flatMap(({ chainId, url }) =>
      isChainId(chainId) && typeof url === 'string' && URL.canParse(url) ? [{ chainId: BigInt(chainId), url }] : [],
    ),
    tokens: records(tokens).flatMap(({ chainId, address, symbol, decimals }) =>
      isChainId(chainId) &&
      typeof address === 'string' &&
      addr.isValid(address) &&
      typeof symbol === 'string' &&
      /^[A-Za-z0-9.$+-]{1,12}$/.test(symbol) &&
      Number.isInteger(decimals) &&
      (decimals as number) >= 0 &&
      (decimals as number) <= 36
        ? [{ chainId: BigInt(chainId), address: addr.addChecksum(address), symbol, decimals: decimals as number }]
        : [],
    ),
  }
}

function isChainId(value: unknown): value is string {
  return typeof value === 'string' && /^[1-9][0-9]{0,18}$/.test(value)
}

function records(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((entry) => isRecord(entry)) : []
}
