import type { KeyScheme } from '../../tss-wasm/content/keyScheme.ts'
import { refused } from '../../tss-wasm/failure.ts'
import { fingerprint, type PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import { keySchemeOf, type KeygenProposal, type SchemeSignProposal } from '../../tss-wasm/identity/proposal.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Spending, Spent } from '../../tss-wasm/policy/decide.ts'
import { frostSignStages } from '../../tss-wasm/schemes/frostSign.ts'
import type { SignRun } from '../../participant/sign/signingRuns.ts'
import type { SchemeSignatures } from '../../tss-wasm/worker/api.ts'
import { allowCreating } from './allow.ts'
import { allowScheme, allowSchemeSigning } from './schemes.ts'
import type { SessionPorts } from './sessionPorts.ts'
import type { PartyWallet } from './wallet.ts'

/** Once it has begun, a part of the signature may have left; of FROST and of BLS it has the same name. */
const lastStage = frostSignStages[1]

/** Whether this creator gets a key of this kind. @throws ProtocolAbort `refused` */
export function allowKeygen(
  { policy, schemes }: SessionPorts,
  proposal: KeygenProposal,
  creator: PublicIdentity,
): void {
  allowCreating(policy, creator)
  const key = keySchemeOf(proposal)
  if (key !== undefined) allowScheme(schemes, key)
}

/** Whether our key signs this now, and what it is charged with. @throws ProtocolAbort `refused` */
export function agreeByScheme(
  { policy, schemes, now }: SessionPorts,
  { publicKey, content }: SchemeSignProposal,
  { wallet, creator }: { readonly wallet: PartyWallet; readonly creator: PublicIdentity },
): (earlier: readonly Spent[]) => readonly Spending[] {
  const asked = { key: keyOf(wallet), publicKey, content, by: fingerprint(creator) }
  return (earlier) => allowSchemeSigning({ policy, schemes }, asked, earlier, now())
}

interface SchemePart {
  readonly seat: PartyId
  readonly wallet: PartyWallet
  /** Until it is disposed of, a run goes on. */
  readonly enter: () => Disposable
  /** Our part of a signature may have left. */
  readonly leaves: () => void
}

/** One run after the other, each with an engine of its own. */
export function schemeRun(
  { folder, deadlineMs, startEngine }: SessionPorts,
  { content }: SchemeSignProposal,
  { seat, wallet, enter, leaves }: SchemePart,
): SignRun<SchemeSignatures> {
  const { identity, masterKey } = folder
  return async (roster, channel) => {
    using _run = enter()
    using engine = startEngine()
    const sealing = { kind: 'key', key: masterKey } as const
    const sealedShare = await folder.share(wallet.walletId)
    return await engine.signByScheme(
      { me: seat, identity, roster, deadlineMs, sealedShare, sealing, content },
      channel,
      (progress) => {
        if (progress.type === 'stage' && progress.name === lastStage) leaves()
      },
    )
  }
}

function keyOf({ key }: PartyWallet): KeyScheme {
  if (key === undefined) throw refused('not-a-holder', 'this party holds no share of that key')
  return key
}
