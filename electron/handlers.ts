import { z } from 'zod'
import { decodeEpochs, encodeEpochs } from '../participant/reshare/recordedEpochs.ts'
import type { SealedPreParameters, SealedShare } from '../tss-wasm/worker/api.ts'
import type { News } from '../web/platform/platform.ts'
import type { EpochsAnswer } from '../web/platform/desktop/bridge.ts'
import type { ShareStore } from '../web/platform/shareStore.ts'
import type { DesktopFolder } from './desktopFolder.ts'
import type { Handlers } from './ipc.ts'
import { checkRecord, checkWords } from './walletRecord.ts'

/** Bounds far above what an honest page sends. */
const largestShare = 1024 * 1024
const largestSet = 64 * 1024
const mostSets = 16

const bytes = (most: number) => z.instanceof(Uint8Array).refine((given) => given.length > 0 && given.length <= most)
const preparedWish = z.union([z.enum(['look', 'take']), z.strictObject({ put: bytes(largestSet) })])
const epochNumber = z
  .int()
  .min(0)
  .max(2 ** 31 - 1)
const epochsText = z.string().max(4 * 1024 * 1024)
const epochsWish = z.union([
  z.literal('look'),
  z.strictObject({ from: epochsText, to: epochsText }),
  z.strictObject({ put: bytes(largestShare), number: epochNumber }),
  z.strictObject({ get: z.union([epochNumber, z.literal('signing')]) }),
  z.strictObject({ erase: epochNumber }),
])
const settled = z.enum(['active', 'removed'])
const newsSchema = z
  .strictObject({
    pending: z.int().min(0).max(1000),
    ended: z.enum(['created', 'signed', 'reshared', 'failed']).optional(),
  })
  .transform(({ pending, ended }): News => (ended === undefined ? { pending } : { pending, ended }))

/** What the page may ask of this installation. */
export function desktopHandlers(folder: DesktopFolder, announce: (news: News) => void): Handlers {
  const { shares, prepared } = folder
  return {
    listWallets: () => shares.list(),
    async putPending(record, share) {
      await shares.putPending(checkRecord(record), bytes(largestShare).parse(share) as SealedShare)
      return undefined
    },
    async settle(walletId, as) {
      const id = z.string().parse(walletId)
      if (typeof as === 'object') await shares.describe(id, checkWords(as))
      else await (settled.parse(as) === 'active' ? shares.activate(id) : shares.remove(id))
      return undefined
    },
    async replaceShare(walletId, old, share) {
      const [before, after] = [old, share].map((given) => bytes(largestShare).parse(given) as SealedShare)
      if (before === undefined || after === undefined) throw new Error('two shares are given')
      await shares.replaceShare(z.string().parse(walletId), before, after)
      return undefined
    },
    async epochs(walletId, wish) {
      const id = z.string().parse(walletId)
      const given = epochsWish.parse(wish)
      const done = given === 'look' ? {} : await changeEpochs(shares, id, given)
      const epochs = await shares.epochs.read(id)
      const known = epochs === undefined ? '' : encodeEpochs(epochs)
      const held = await shares.epochs.held(id)
      return { known, isThere: epochs !== undefined, held, ...done }
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

async function changeEpochs(
  shares: ShareStore,
  walletId: string,
  wish: Exclude<z.infer<typeof epochsWish>, 'look'>,
): Promise<Pick<EpochsAnswer, 'share' | 'isChanged'>> {
  const { epochs } = shares
  if ('get' in wish) {
    const share = wish.get === 'signing' ? await shares.getShare(walletId) : await epochs.share(walletId, wish.get)
    return share === undefined ? {} : { share }
  }
  if ('erase' in wish) await epochs.eraseShare(walletId, wish.erase)
  else if ('put' in wish) await epochs.putShare(walletId, wish.number, wish.put as SealedShare)
  else {
    let isChanged = false
    await epochs.change(walletId, (now) => {
      isChanged = encodeEpochs(now) === wish.from
      return isChanged ? decodeEpochs(wish.to) : now
    })
    return { isChanged }
  }
  return {}
}
