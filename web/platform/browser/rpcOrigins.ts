const longestList = 16 * 1024

/** The nodes that whoever serves this app lets it talk to; the page's policy blocks every other. None when it does not say. */
export async function loadRpcOrigins(url = '/rpc.json'): Promise<readonly string[]> {
  try {
    const response = await fetch(url, { cache: 'no-cache', signal: AbortSignal.timeout(15_000) })
    const text = await response.text()
    const { rpcOrigins } = (response.ok && text.length <= longestList ? JSON.parse(text) : {}) as {
      rpcOrigins?: unknown
    }
    return Array.isArray(rpcOrigins) ? rpcOrigins.filter((origin) => typeof origin === 'string') : []
  } catch {
    return []
  }
}
