import { refused } from '../../tss-wasm/failure.ts'
import { fingerprint, type PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import type { ReshareProposal } from '../../tss-wasm/identity/reshareProposal.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { brokenInWords } from '../../tss-wasm/policy/explain.ts'
import { type Asked, decide, type Spending, type Spent } from '../../tss-wasm/policy/decide.ts'
import type { Policy } from '../../tss-wasm/policy/policy.ts'

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
  const isSame = parties === before.members.length && threshold === before.threshold
  if (!isSame || dealers.length !== parties)
    throw refused('policy', 'new shares are made for the same members only, with all of them taking part')
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
