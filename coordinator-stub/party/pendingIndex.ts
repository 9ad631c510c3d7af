import { access, mkdir, readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder, writeDurably } from '../../files/dataFolder.ts'

/**
 * Which wallets of a folder may be pending, without a look at all the others: an empty file for each, there from before its
 * record until after it has been settled. A crash leaves a name too many, never one too few.
 */
export interface PendingIndex {
  ids(): readonly string[]
  add(walletId: string): Promise<void>
  remove(walletId: string): Promise<void>
}

/**
 * @param folder its own
 * @param everyWallet asked once, in a folder that an earlier version has made
 */
export async function openPendingIndex(
  folder: string,
  everyWallet: () => Promise<readonly string[]>,
): Promise<PendingIndex> {
  const file = (walletId: string) => join(folder, walletId)
  const complete = join(folder, 'complete')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const known = (await readdir(folder)).filter((name) => /^[0-9a-f]{32}$/.test(name))
  const pending = new Set(known)
  const isComplete = await access(complete).then(
    () => true,
    () => false,
  )
  const add = async (walletId: string): Promise<void> => {
    await writeDurably(file(walletId), new Uint8Array())
    pending.add(walletId)
  }
  if (!isComplete) {
    for (const walletId of await everyWallet()) await add(walletId)
    await writeDurably(complete, new Uint8Array())
  }
  return {
    ids: () => [...pending],
    add,
    async remove(walletId) {
      pending.delete(walletId)
      await unlink(file(walletId)).catch(() => undefined)
      await syncFolder(folder)
    },
  }
}
