import { refused } from '../../tss-wasm/failure.ts'
import { fingerprint, type PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import type { ReshareProposal } from '../../tss-wasm/identity/reshareProposal.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { brokenInWords } from '../../tss-wasm/policy/explain.ts'
import { type Asked, decide, type Spending, type Spent } from '../../tss-wasm/policy/decide.ts'
import { dayMs, hourMs, type Policy } from '../../tss-wasm/policy/policy.ts'

/** @throws ProtocolAbort `refused` */
export function allowCreating({ createWalletsFor }: Policy, creator: PublicIdentity): void {
  if (createWalletsFor === 'anybody' || createWalletsFor.includes(fingerprint(creator))) return
  throw refused('policy', 'wallets for this creator are not allowed')
}

/**
 * Whether new shares of a wallet of ours may be made as proposed. That the proposal follows from the shares we hold, and is
 * by a member, is known.
 * @throws ProtocolAbort `refused`, naming the rule that forbids it
 */
export function allowResharing(
  { resharing: { members, agreeing, lowerThreshold } }: Policy,
  { threshold, parties, dealers, before }: ReshareProposal,
  wallet: { readonly me: PartyId; readonly threshold: number },
): void {
  if (members === 'none') throw refused('policy', 'new shares are not made')
  if (wallet.me > parties) throw refused('policy', 'it does not give its place away')
  if (threshold < wallet.threshold && !lowerThreshold)
    throw refused('policy', `as many as now, ${wallet.threshold}, must go on signing`)
  if (members === 'any') {
    if (dealers.length < agreeing)
      throw refused('policy', `at least ${agreeing} members have to agree to other members`)
    return
  }
  if (!isRenewal({ threshold, parties, dealers, before }))
    throw refused('policy', 'new shares are made for the same members only, with all of them taking part')
}

/** Whether the members stay the same, all of them taking part, and as many sign as before. */
export function isRenewal({
  threshold,
  parties,
  dealers,
  before,
}: Pick<ReshareProposal, 'threshold' | 'parties' | 'dealers' | 'before'>): boolean {
  const isSame = parties === before.members.length && threshold === before.threshold
  return isSame && dealers.length === parties && dealers.every(({ seat }) => seat <= parties)
}

/** How long a plan stands once the party would agree to it: then it has to be asked for anew, and waited for again. */
const planStandsMs = 7 * dayMs

/** From the first question to when nobody counts on it any more. */
export function planValidMs({ resharing: { delayHours } }: Policy): number {
  return delayHours * hourMs + planStandsMs
}

/**
 * Whether new shares that the rules allow may be made at this moment.
 * @param firstAskedMs when it was asked for these other members first; undefined where the members stay the same
 * @param taken when runs for new shares of the wallet began, in the last 24 hours
 * @throws ProtocolAbort `refused`, with the time from which it would agree
 */
export function mayReshareNow(
  { resharing: { delayHours, mostPerDay } }: Policy,
  {
    firstAskedMs,
    taken,
    nowMs,
  }: { readonly firstAskedMs: number | undefined; readonly taken: readonly number[]; readonly nowMs: number },
): void {
  if (mostPerDay !== undefined && taken.length >= mostPerDay)
    throw refused('policy', `new shares of this wallet are made at most ${mostPerDay} times in 24 hours`)
  const fromMs = (firstAskedMs ?? 0) + delayHours * hourMs
  if (firstAskedMs !== undefined && nowMs < fromMs) {
    const from = new Date(fromMs).toISOString().slice(0, 16)
    throw refused('policy', `it agrees to other members ${delayHours} hours after it was first asked: from ${from}Z on`)
  }
}

/**
 * Whether the content may be signed, given what this wallet has been charged with before.
 * @returns what each signature is to be charged with, before it is agreed to
 * @throws ProtocolAbort `refused`, naming the rule that forbids it; ContentRefused when it does not decode
 */
export function allowSigning(
  policy: Policy,
  asked: Asked,
  earlier: readonly Spent[],
  nowMs: number,
): readonly Spending[] {
  const decision = decide(policy, asked, earlier, nowMs)
  if (decision.type !== 'signs') throw refused('policy', brokenInWords(decision.rule))
  return decision.spendings
}
