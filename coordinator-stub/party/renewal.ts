import { beginningOf } from '../../participant/reshare/walletEpochs.ts'
import { epochsOf } from '../../participant/reshare/recordedEpochs.ts'
import { dayMs, hourMs } from '../../tss-wasm/policy/policy.ts'
import { approvedByOthers, reshareAsProposed } from './proposing.ts'
import type { SessionPorts } from './sessionPorts.ts'
import { namesOf, type PartyWallet } from './wallet.ts'

/** A session that waits for people stays open for a day; one of server parties alone needs no more than minutes. */
const lifeSeconds = { withPeople: 86_400, serversOnly: 600 }
/** Where several server parties would propose, each leaves the one before it as long as its session may live, and more. */
const turnMs = 26 * hourMs
/** Nobody has signed with the wallet for so long. */
const quietMs = 600_000

/**
 * When this party proposes to renew the shares of a wallet, in milliseconds since 1970: so many days after they were made,
 * server parties one after the other by their seats.
 */
export function renewalDueMs(wallet: PartyWallet, everyDays: number): number {
  const madeAtMs = beginningOf(epochsOf(wallet))?.expiresAtMs ?? wallet.madeAtMs ?? 0
  const before = [...namesOf(wallet).keys()].filter((seat) => seat < wallet.mySeat).length
  return madeAtMs + everyDays * dayMs + before * turnMs
}

/** Whether somebody is signing with the wallet, or has done so a moment ago: a renewal can wait for a quiet time. */
export function isQuiet({ ledger }: Pick<SessionPorts, 'ledger'>, { walletId }: PartyWallet, nowMs: number): boolean {
  const last = ledger.earlier(walletId, nowMs).at(-1)
  return last === undefined || last.atMs < nowMs - quietMs
}

/** Proposes new shares to the same members, and takes part. @throws ProtocolAbort */
export async function renewShares(ports: SessionPorts, wallet: PartyWallet, signal: AbortSignal): Promise<void> {
  const names = namesOf(wallet)
  const people = wallet.seats.filter(({ seat }) => seat !== wallet.mySeat && !names.has(seat))
  const wanted = {
    reason: 'renewal' as const,
    threshold: wallet.threshold,
    places: wallet.seats.map((each) => ({ kind: 'stays' as const, seat: each.seat })),
    lifeSeconds: people.length > 0 ? lifeSeconds.withPeople : lifeSeconds.serversOnly,
  }
  await reshareAsProposed(ports, wallet, wanted, {
    signal,
    onProposed({ sessionId }) {
      ports.log('renewal-proposed', { session: sessionId, wallet: wallet.walletId })
    },
    approved: approvedByOthers,
  })
}
