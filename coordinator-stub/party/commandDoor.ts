import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesToHex } from '@noble/hashes/utils.js'
import { writeDurably } from '../../files/dataFolder.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import type { Log } from '../process/log.ts'
import type { Signer } from '../signer/methods.ts'
import { serveSigner } from '../signer/serve.ts'

/** In the data folder while the party runs: where commands are given, and the key that they need. Mode 0600. */
export const commandFile = 'commands.json'
/** So long a request waits for its members at most. */
const waitMs = 3600_000

/**
 * Takes the commands of whoever can read the party's folder, on a port of this machine that the system chooses, until it is
 * disposed of. The key is new every time, and no page is admitted.
 */
export async function openCommandDoor(folder: string, commands: Signer, log: Log): Promise<AsyncDisposable> {
  await using opened = new AsyncDisposableStack()
  const key = bytesToHex(systemRandom(32))
  const { url } = opened.use(await serveSigner(commands, { origins: [], key }, { log, waitMs, what: 'commands' }, 0))
  const file = join(folder, commandFile)
  opened.defer(() => unlink(file).catch(() => undefined))
  await writeDurably(file, new TextEncoder().encode(`${JSON.stringify({ url, key })}\n`))
  const held = opened.move()
  return { [Symbol.asyncDispose]: () => held.disposeAsync() }
}
