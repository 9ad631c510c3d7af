import { readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesToHex } from '@noble/hashes/utils.js'
import { readIfThere, syncFolder, writeDurably } from '../files/dataFolder.ts'
import type { RandomSource } from '../tss-wasm/random.ts'
import type { SealedPreParameters } from '../tss-wasm/worker/api.ts'
import type { Prepared } from '../web/platform/desktop/bridge.ts'
import type { InTurn } from '../files/inTurn.ts'

export interface PreparedFiles {
  add(sealed: SealedPreParameters): Promise<void>
  /** Takes a set out, durably, before it is handed over: it can never serve two keys. */
  look(take: boolean): Promise<Prepared>
}

/** Sets of pre-parameters as they came, sealed under the page's key, one file each. */
export function preparedFiles(folder: string, inTurn: InTurn, random: RandomSource): PreparedFiles {
  const sets = async () => (await readdir(folder)).filter((name) => name.endsWith('.sealed')).sort()
  return {
    add: (sealed) =>
      inTurn(async () => {
        await writeDurably(join(folder, `${bytesToHex(random(8))}.sealed`), sealed)
      }),
    look: (take) =>
      inTurn(async () => {
        const [first, ...others] = await sets()
        if (first === undefined) return { count: 0 }
        if (!take) return { count: 1 + others.length }
        const taken = await readIfThere(join(folder, first))
        await unlink(join(folder, first))
        await syncFolder(folder)
        return { count: others.length, ...(taken && { taken: taken as SealedPreParameters }) }
      }),
  }
}
