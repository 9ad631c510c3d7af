/** Who wants to take part in a session with us, and for what. */
export interface SlotRequest {
  /** New wallets, for which anybody may ask; or a wallet of ours, for whose signatures the holders of its shares ask. */
  readonly of: 'new wallets' | { readonly walletId: string; readonly madeAtMs?: number | undefined }
  /** The creator's signing key in hex. */
  readonly creator: string
  /** The same for all sessions opened from one address; empty: not known. */
  readonly caller: string
}

export interface Slot extends Disposable {
  /** What has begun is too dear to be given up for somebody else. */
  keep(): void
}

/**
 * In how many sessions a party takes part at once. Those for new wallets and those for signatures are counted apart, so
 * that no stranger keeps a holder from signing.
 */
export interface Slots {
  /**
   * When all slots of a kind are taken, whoever has more than a fair share loses the one that it has held longest: of new
   * wallets by address, of signatures by wallet, and among equals the younger wallet. So wallets made by strangers, however
   * many, take nothing from older ones.
   * @param giveUp called when the slot is needed by somebody else
   * @returns undefined when there is none for this request
   */
  take(request: SlotRequest, giveUp: () => void): Slot | undefined
  /**
   * The same for a signature, which waits for its turn where there is no slot: the wallet that has the fewest comes first, and of
   * one wallet whoever waits longest.
   * @returns undefined when there was none until `until` aborts, or when too many wait
   */
  wait(request: SlotRequest, giveUp: () => void, until: AbortSignal): Promise<Slot | undefined>
}

/** Requests for signatures with one wallet, and with all. */
const mostWaiting = { ofWallet: 64, inAll: 1024 }

export interface SlotLimits {
  readonly newWallets: { readonly all: number; readonly perCreator: number; readonly perCaller: number }
  readonly signatures: {
    readonly all: number
    readonly perWallet: number
    readonly perCreator: number
    readonly perCaller: number
  }
}

export const slotLimits: SlotLimits = {
  newWallets: { all: 64, perCreator: 2, perCaller: 8 },
  signatures: { all: 64, perWallet: 8, perCreator: 8, perCaller: 16 },
}

interface Taken {
  readonly request: SlotRequest
  /** Whose fair share it is taken from. */
  readonly share: string
  readonly giveUp: () => void
  isKept: boolean
}

interface Waiting {
  readonly request: SlotRequest
  readonly share: string
  readonly giveUp: () => void
  readonly resolve: (slot: Slot | undefined) => void
}

export function createSlots({ newWallets, signatures }: SlotLimits = slotLimits): Slots {
  const pools = { newWallets: new Set<Taken>(), signatures: new Set<Taken>() }
  const waiting = new Set<Waiting>()

  /** Whoever can have one now, the smallest share first; sets keep the order of coming. */
  function giveOut(): void {
    const held = (share: string) => [...pools.signatures].filter((taken) => taken.share === share).length
    const inTurn = [...waiting].toSorted((a, b) => held(a.share) - held(b.share))
    for (const one of inTurn) {
      const slot = slots.take(one.request, one.giveUp)
      if (slot === undefined) continue
      waiting.delete(one)
      one.resolve(slot)
      // Whose share is the smallest is another question now.
      giveOut()
      return
    }
  }

  const slots: Slots = {
    async wait(request, giveUp, until) {
      const share = shareOf(request)
      const isFirst = ![...waiting].some((one) => one.share === share)
      const free = isFirst ? slots.take(request, giveUp) : undefined
      if (free !== undefined) return free
      const ofWallet = [...waiting].filter((one) => one.share === share).length
      if (until.aborted || ofWallet >= mostWaiting.ofWallet || waiting.size >= mostWaiting.inAll) return undefined
      const { promise, resolve } = Promise.withResolvers<Slot | undefined>()
      const one = { request, share, giveUp, resolve }
      const stop = () => {
        waiting.delete(one)
        resolve(undefined)
      }
      waiting.add(one)
      until.addEventListener('abort', stop)
      void promise.then(() => {
        until.removeEventListener('abort', stop)
      })
      return promise
    },
    take(request, giveUp) {
      const { of, creator, caller } = request
      const isNew = of === 'new wallets'
      const pool = isNew ? pools.newWallets : pools.signatures
      const most = isNew ? newWallets : signatures
      const share = shareOf(request)
      const count = (fits: (taken: Taken) => boolean) => [...pool].filter(fits).length
      if (count((taken) => taken.request.creator === creator) >= most.perCreator) return undefined
      if (caller !== '' && count((taken) => taken.request.caller === caller) >= most.perCaller) return undefined
      const mine = count((taken) => taken.share === share)
      if (!isNew && mine >= signatures.perWallet) return undefined
      if (pool.size >= most.all) {
        const loser = largestShare(pool, { held: mine + 1, madeAtMs: madeAt(request) })
        if (loser === undefined) return undefined
        pool.delete(loser)
        loser.giveUp()
      }
      const taken: Taken = { request, share, giveUp, isKept: false }
      pool.add(taken)
      return {
        keep() {
          taken.isKept = true
        },
        [Symbol.dispose]() {
          if (pool.delete(taken)) giveOut()
        },
      }
    },
  }
  return slots
}

function shareOf({ of, creator, caller }: SlotRequest): string {
  return of === 'new wallets' ? caller || creator : of.walletId
}

interface Share {
  readonly held: number
  readonly madeAtMs: number
}

/** The slot held longest of the largest share, if that is larger than `than`. Sets keep the order of taking. */
function largestShare(pool: ReadonlySet<Taken>, than: Share): Taken | undefined {
  let largest = than
  let found: Taken | undefined
  const shares = Map.groupBy(pool, ({ share }) => share)
  for (const held of shares.values()) {
    const first = held.find(({ isKept }) => !isKept)
    if (first === undefined) continue
    const share = { held: held.length, madeAtMs: madeAt(first.request) }
    const isLarger = share.held > largest.held || (share.held === largest.held && share.madeAtMs > largest.madeAtMs)
    if (!isLarger) continue
    largest = share
    found = first
  }
  return found
}

/** Wallets of which it is not known are older than that has been written down. */
function madeAt({ of }: SlotRequest): number {
  return of === 'new wallets' ? 0 : (of.madeAtMs ?? 0)
}
