import type { Description } from '../../../tss-wasm/content/describe/description.ts'

const longestList = 4 * 1024 * 1024

/**
 * What whoever serves this app says that calls and typed data mean (ERC-7730). Without an answer there is none, and what is
 * signed is shown as what nobody here knows; one that this version cannot read is left out.
 */
export async function loadDescriptions(url = '/descriptions.json'): Promise<readonly Description[]> {
  try {
    const response = await fetch(url, { cache: 'no-cache', signal: AbortSignal.timeout(15_000) })
    const text = await response.text()
    const { descriptions } = (response.ok && text.length <= longestList ? JSON.parse(text) : {}) as {
      descriptions?: unknown
    }
    if (!Array.isArray(descriptions) || descriptions.length === 0) return []
    // Nobody needs the reader before something is signed.
    const { readDescription } = await import('../../../tss-wasm/content/describe/description.ts')
    return descriptions.flatMap((json: unknown) => attempt(() => readDescription(json)) ?? [])
  } catch {
    return []
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
