import type { MailboxList } from '../../proto/gen/requests_pb.js'
import type { RequestBox } from '../../participant/requests/requestBox.ts'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { Policy } from '../../tss-wasm/policy/policy.ts'
import { sayAgainAfterMs, spentToTell } from '../../tss-wasm/policy/published.ts'
import { type Log, logBug } from '../process/log.ts'
import type { Ledger } from './ledger.ts'
import type { PartyWallet } from './wallet.ts'

/** Tells the members of each wallet what this party decides by, and what of its limits is left (SPEC 11.6). */
export interface Telling {
  /** A wallet's mailbox, as it is now: it is told there, unless it has been. */
  met(box: RequestBox, wallet: PartyWallet, list: MailboxList): void
  /** The same ledger, of which members hear when something is charged or given back. */
  observed(ledger: Ledger): Ledger
  /** Says again what would be stale soon, and what could not be said before. */
  again(): void
}

interface Known {
  readonly box: RequestBox
  readonly wallet: PartyWallet
  /** When it was last said, or tried. */
  triedMs: number
  isTold: boolean
}

/** A coordinator that keeps nothing is not told anew at once. */
const tryAgainAfterMs = 5000

export function createTelling(
  policy: Policy,
  earlier: Ledger['earlier'],
  { now, log }: { readonly now: () => number; readonly log: Log },
): Telling {
  const known = new Map<string, Known>()
  const due = new Set<string>()
  let isTelling = false

  function queue(walletId: string): void {
    due.add(walletId)
    if (isTelling) return
    isTelling = true
    void tellAll().finally(() => {
      isTelling = false
    })
  }

  /** One after the other: a party with many wallets is not to be many callers. */
  async function tellAll(): Promise<void> {
    for (const walletId of due) {
      due.delete(walletId)
      const one = known.get(walletId)
      if (one === undefined) continue
      one.triedMs = now()
      try {
        await tell(one)
        one.isTold = true
      } catch (error) {
        one.isTold = false
        if (!(error instanceof ProtocolAbort) && !(error instanceof RangeError)) logBug(log, error, 'rules')
        else log('rules-not-told', { wallet: walletId, reason: error.message })
      }
    }
  }

  async function tell({ box, wallet }: Known): Promise<void> {
    const { publicKey, epoch } = box.membership
    const spent = spentToTell(earlier(wallet.walletId, now()), now())
    await box.tell({ publicKey, epoch, seat: box.me, madeMs: now(), policy, spent })
  }

  return {
    met(box, wallet, { notices }) {
      const before = known.get(wallet.walletId)
      const isSame = before?.box.membership.epoch === box.membership.epoch
      const { triedMs = -Infinity, isTold = false } = (isSame ? before : undefined) ?? {}
      known.set(wallet.walletId, { box, wallet, triedMs, isTold })
      const isThere = notices.some(({ seat }) => seat === (box.me as number))
      if (isTold && isThere) return
      if (now() - triedMs >= tryAgainAfterMs) queue(wallet.walletId)
    },
    observed: (ledger) => ({
      earlier: (walletId, nowMs) => ledger.earlier(walletId, nowMs),
      async charge(what, nowMs, decide) {
        const isCharged = await ledger.charge(what, nowMs, decide)
        if (isCharged && known.has(what.walletId)) queue(what.walletId)
        return isCharged
      },
      async giveBack(request) {
        const walletId = await ledger.giveBack(request)
        if (walletId !== undefined && known.has(walletId)) queue(walletId)
        return walletId
      },
    }),
    again() {
      for (const [walletId, { triedMs, isTold }] of known) {
        if (now() - triedMs >= (isTold ? sayAgainAfterMs : tryAgainAfterMs)) queue(walletId)
      }
    },
  }
}
