const longestList = 16 * 1024

/**
 * Origins that whoever serves this app lets it talk to; the page's policy blocks every other. None when it does not say.
 * @param name of the list in the document at this path
 */
export async function loadOrigins(name: string, path: string): Promise<readonly string[]> {
  try {
    const response = await fetch(path, { cache: 'no-cache', signal: AbortSignal.timeout(15_000) })
    const text = await response.text()
    const said = (response.ok && text.length <= longestList ? JSON.parse(text) : {}) as Record<string, unknown>
    const list = said[name]
    return Array.isArray(list) ? list.filter((origin) => typeof origin === 'string') : []
  } catch {
    return []
  }
}
