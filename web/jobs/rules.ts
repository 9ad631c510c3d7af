import type { RequestBox } from '../../participant/requests/requestBox.ts'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { checkRules, type PublishedRules, staleAfterMs } from '../../tss-wasm/policy/published.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { identityIn } from './identities.ts'
import { membershipIn } from './membership.ts'
import type { RequestPorts } from './ports.ts'

/** What a member has told that it decides by, or why what the coordinator shows is not believed. */
export type MemberRules =
  | { readonly seat: number; readonly state: 'told' | 'stale'; readonly rules: PublishedRules }
  | { readonly seat: number; readonly state: 'refused'; readonly reason: string }

/** When the newest rules were made that this device has seen of a member. */
export interface SeenRules {
  get(name: string): number
  set(name: string, madeMs: number): void
}

/** A server party tells within moments of the mailbox being made. */
const waitMs = 20_000

/**
 * Tells what the members of a wallet decide by, at once and whenever one more has told it, until every server party has, or
 * nobody tells any more. What is not a member's own word, or is older than what it said before, is told as that.
 * @throws ProtocolAbort
 */
export async function readRules(
  ports: Pick<RequestPorts, 'requests' | 'identity' | 'preParameters' | 'now' | 'clock'>,
  wallet: WalletRecord,
  seen: SeenRules,
  onRules: (rules: readonly MemberRules[]) => void,
): Promise<void> {
  const membership = membershipIn(wallet)
  if (membership === undefined) return
  const identity = await identityIn(ports, wallet)
  const box = await ports.requests.open({ membership, me: wallet.mySeat as PartyId, identity })
  const enough = new AbortController()
  const stop = ports.clock.after(waitMs, () => {
    enough.abort(new ProtocolAbort({ kind: 'cancelled' }))
  })
  const found = new Map<number, MemberRules>()
  const versions = new Map<number, bigint>()
  const servers = wallet.seats.filter(({ serverParty, seat }) => serverParty !== undefined && seat !== wallet.mySeat)
  try {
    for await (const { notices } of ports.requests.watch([membership], enough.signal)) {
      for (const { seat, version } of notices) {
        if (versions.get(seat) === version || seat === wallet.mySeat) continue
        versions.set(seat, version)
        const name = `${wallet.walletId} ${membership.epoch} ${seat}`
        const rules = await readOne(box, seat as PartyId, { nowMs: ports.now(), newestMs: seen.get(name) })
        if (rules === undefined) continue
        found.set(seat, rules)
        if (rules.state !== 'refused') seen.set(name, rules.rules.madeMs)
      }
      onRules([...found.values()].sort((a, b) => a.seat - b.seat))
      if (servers.every(({ seat }) => found.has(seat))) return
    }
  } catch (error) {
    if (!enough.signal.aborted) throw error
  } finally {
    stop()
    enough.abort(new ProtocolAbort({ kind: 'cancelled' }))
  }
}

/** Undefined where it is gone by now. */
async function readOne(
  box: RequestBox,
  seat: PartyId,
  times: { readonly nowMs: number; readonly newestMs: number },
): Promise<MemberRules | undefined> {
  try {
    const rules = await box.told(seat)
    checkRules(rules, box.membership, seat, times)
    return { seat, state: times.nowMs - rules.madeMs > staleAfterMs ? 'stale' : 'told', rules }
  } catch (error) {
    if (error instanceof RangeError) return { seat, state: 'refused', reason: error.message }
    if (error instanceof ProtocolAbort && error.failure.kind === 'refused') return undefined
    throw error
  }
}
