import { decodeServerParties, type PinnedParty } from '../../../participant/session/serverParties.ts'
import { ProtocolAbort, refused } from '../../../tss-wasm/failure.ts'

const largestConfiguration = 64 * 1024

/**
 * The server parties that this app was delivered with: names and identity keys from its own origin, which also
 * delivered the app itself; never from a session (ARCHITECTURE 2.3).
 */
export async function loadServerParties(url = '/quorate.json'): Promise<readonly PinnedParty[]> {
  let response: Response
  try {
    response = await fetch(url, { cache: 'no-cache', signal: AbortSignal.timeout(15_000) })
  } catch {
    throw new ProtocolAbort({ kind: 'disconnected', detail: 'configuration' })
  }
  if (!response.ok) throw new ProtocolAbort({ kind: 'disconnected', detail: `configuration: ${response.status}` })
  const text = await response.text()
  try {
    if (text.length > largestConfiguration) throw new Error('too long')
    return decodeServerParties(text)
  } catch {
    throw refused('configuration', 'unreadable')
  }
}
