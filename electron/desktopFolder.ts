import { mkdir, readdir, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { openDataFolder, readIfThere, syncFolder, writeDurably } from '../files/dataFolder.ts'
import { inTurn } from '../files/inTurn.ts'
import { createIdentity, sealIdentity } from '../tss-wasm/identity/identity.ts'
import type { Installation } from '../web/platform/desktop/bridge.ts'
import type { ShareStore } from '../web/platform/shareStore.ts'
import { derive, openDataKey, type DataKeyPorts, type Protection } from './dataKey.ts'
import { preparedFiles, type PreparedFiles } from './preparedFiles.ts'
import { shareFiles } from './shareFiles.ts'

/**
 * What the desktop party keeps, in one folder that one process has (docs/DESKTOP.md):
 *
 *   protection.json    where the data key is kept, and a check of it
 *   data.key           the data key, only where there is no keychain
 *   identity.sealed    its identity, under the page's key
 *   wallets/           sealed shares and what is known of them (shareFiles.ts)
 *   prepared/          pre-parameters for wallets to come
 */
export interface DesktopFolder extends AsyncDisposable {
  readonly path: string
  readonly protection: Protection
  readonly shares: ShareStore
  readonly prepared: PreparedFiles
  installation(): Promise<Installation>
  /** Forgets the keys: the next use asks the keychain again. */
  lock(): void
}

/** @throws Error when another process has the folder; ProtocolAbort `refused` when its key cannot be had */
export async function openDesktopFolder(path: string, ports: DataKeyPorts): Promise<DesktopFolder> {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await openDataFolder(path))
  const dataKey = await openDataKey(folder.path, ports)
  const walletsFolder = join(folder.path, 'wallets')
  const preparedFolder = join(folder.path, 'prepared')
  for (const inner of [walletsFolder, preparedFolder]) await mkdir(inner, { recursive: true, mode: 0o700 })
  // A file is durable only if the folders it is in are.
  for (const outer of [folder.path, dirname(folder.path)]) await syncFolder(outer)
  for (const place of [folder.path, walletsFolder, preparedFolder]) await sweep(place)

  const derived = async (use: string) => {
    const key = await dataKey.read()
    try {
      return await derive(key, use, 32)
    } finally {
      key.fill(0)
    }
  }
  let shareKey: Promise<CryptoKey> | undefined
  const wrapping = () => {
    shareKey ??= derived('share files').then(importKey)
    shareKey.catch(() => (shareKey = undefined)) // a closed keychain may be open the next time
    return shareKey
  }
  const turns = inTurn()
  const keys = await derived('page')
  keys.fill(0) // a key that cannot be had is said at the start, not when a share is to be stored
  const open = opened.move()
  return {
    path: folder.path,
    protection: dataKey.protection,
    shares: shareFiles({
      folder: walletsFolder,
      inTurn: turns,
      // A key that lies beside the shares would protect nothing, and could be lost.
      wrapping: dataKey.protection === 'keychain' ? wrapping : undefined,
      random: ports.random,
    }),
    prepared: preparedFiles(preparedFolder, turns, ports.random),
    installation: () =>
      turns(async () => {
        const pageKey = await derived('page')
        return { pageKey, identity: await loadIdentity(join(folder.path, 'identity.sealed'), pageKey, ports) }
      }),
    lock() {
      shareKey = undefined
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

/** Made once: a new identity would orphan every wallet of the old one. Whether it opens is seen by who uses it. */
async function loadIdentity(file: string, pageKey: Uint8Array<ArrayBuffer>, { random }: DataKeyPorts) {
  const stored = await readIfThere(file)
  if (stored !== undefined) return stored
  const made = await sealIdentity(await createIdentity({ extractable: true }), await importKey(pageKey.slice()), random)
  await writeDurably(file, made)
  return made
}

async function importKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const key = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
  bytes.fill(0)
  return key
}

/** Removes what a write that was cut short has left: its file beside, which never counted. */
async function sweep(folder: string): Promise<void> {
  const names = await readdir(folder)
  for (const name of names.filter((name) => name.endsWith('.writing'))) await unlink(join(folder, name))
}
