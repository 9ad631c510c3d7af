import { z } from 'zod'
import type { SealedPreParameters, SealedShare } from '../tss-wasm/worker/api.ts'
import type { News } from '../web/platform/platform.ts'
import type { DesktopFolder } from './desktopFolder.ts'
import type { Handlers } from './ipc.ts'
import { checkRecord } from './walletRecord.ts'

/** Bounds far above what an honest page sends. */
const largestShare = 1024 * 1024
const largestSet = 64 * 1024
const mostSets = 16

const bytes = (most: number) => z.instanceof(Uint8Array).refine((given) => given.length > 0 && given.length <= most)
const preparedWish = z.union([z.enum(['look', 'take']), z.strictObject({ put: bytes(largestSet) })])
const settled = z.enum(['active', 'removed'])
const newsSchema = z
  .strictObject({ pending: z.int().min(0).max(1000), ended: z.enum(['created', 'signed', 'failed']).optional() })
  .transform(({ pending, ended }): News => (ended === undefined ? { pending } : { pending, ended }))

/** What the page may ask of this installation. */
export function desktopHandlers(folder: DesktopFolder, announce: (news: News) => void): Handlers {
  const { shares, prepared } = folder
  return {
    listWallets: () => shares.list(),
    getShare: (walletId) => shares.getShare(z.string().parse(walletId)),
    async putPending(record, share) {
      await shares.putPending(checkRecord(record), bytes(largestShare).parse(share) as SealedShare)
      return undefined
    },
    async settle(walletId, as) {
      const id = z.string().parse(walletId)
      await (settled.parse(as) === 'active' ? shares.activate(id) : shares.remove(id))
      return undefined
    },
    async replaceShare(walletId, old, share) {
      const [before, after] = [old, share].map((given) => bytes(largestShare).parse(given) as SealedShare)
      if (before === undefined || after === undefined) throw new Error('two shares are given')
      await shares.replaceShare(z.string().parse(walletId), before, after)
      return undefined
    },
    installation: () => folder.installation(),
    async prepared(given) {
      const wish = preparedWish.parse(given)
      if (typeof wish === 'string') return prepared.look(wish === 'take')
      if ((await prepared.look(false)).count >= mostSets) throw new Error('more pre-parameters than anybody needs')
      await prepared.add(wish.put as SealedPreParameters)
      return prepared.look(false)
    },
    async announce(news) {
      announce(await newsSchema.parseAsync(news))
      return undefined
    },
  }
}
