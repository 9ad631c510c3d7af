import type { KeyScheme, SchemeName } from '../content/keyScheme.ts'
import type { EdwardsPoint } from '../groups/ed25519.ts'
import type { Element } from '../groups/group.ts'
import type { Party } from '../protocols/protocol.ts'
import type { PartyId } from '../partyId.ts'
import { mailAt, seriesTable, sideBySide } from '../round/series.ts'
import type { Mailbox, Round } from '../round/mailbox.ts'
import type { BlsKeyShare } from './bls.ts'
import { blsKeygen, blsSign, blsSignStages } from './blsSign.ts'
import { frostSign, frostSignStages } from './frostSign.ts'
import type { GroupKeyShare } from './groupShare.ts'
import { groupKeygen } from './keygen.ts'
import { blsSignRounds, frostRounds } from './messages.ts'
import { ed25519Suite, taprootSuite, type FrostSuite } from './suite.ts'
import { taprootOutputShare, type TaprootShare } from './taproot.ts'

/** A share of a key, and of which scheme it is. */
export type SchemeShare =
  | { readonly scheme: 'ed25519'; readonly share: GroupKeyShare<EdwardsPoint> }
  /** Of the internal key, untweaked (SCHEMES 5.1). */
  | { readonly scheme: 'taproot'; readonly share: TaprootShare }
  | { readonly scheme: 'bls12381'; readonly share: BlsKeyShare }

type Seated = Pick<Party, 'id' | 'peers' | 'mail' | 'random' | 'stage'>

export interface SchemeKeygenInput {
  readonly threshold: number
  readonly partyKeys: ReadonlyMap<PartyId, bigint>
}

/** One key generation for all schemes (SCHEMES 3.3). @throws ProtocolAbort naming who broke which check */
export async function schemeKeygen(me: Seated, key: KeyScheme, input: SchemeKeygenInput): Promise<SchemeShare> {
  switch (key.scheme) {
    case 'ed25519':
      return { scheme: 'ed25519', share: await groupKeygen(me, { suite: ed25519Suite, ...input }) }
    case 'taproot':
      return { scheme: 'taproot', share: await groupKeygen(me, { suite: taprootSuite, ...input }) }
    case 'bls12381':
      return { scheme: 'bls12381', share: await blsKeygen(me, { domain: key.domain, ...input }) }
  }
}

/** What the key was made for. */
export function keySchemeOfShare(held: SchemeShare): KeyScheme {
  return held.scheme === 'bls12381' ? { scheme: held.scheme, domain: held.share.domain } : { scheme: held.scheme }
}

/** Rounds for so many signatures in one run. */
export function schemeSignRounds(scheme: SchemeName, times: number): readonly Round[] {
  return seriesTable(Object.values(scheme === 'bls12381' ? blsSignRounds : frostRounds[scheme]), times)
}

export function schemeSignStages(scheme: SchemeName): readonly string[] {
  return scheme === 'bls12381' ? blsSignStages : frostSignStages
}

/**
 * A signature for each message, all of them side by side in the rounds of one run; a Taproot key signs as its output key.
 * @throws ProtocolAbort naming who broke which check, or for whom we wait
 */
export async function schemeSign(
  me: Seated,
  held: SchemeShare,
  signers: ReadonlyMap<PartyId, bigint>,
  messages: readonly Uint8Array[],
): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const told = new Set<string>()
  const stage = (name: string): void => {
    if (!told.has(name)) me.stage(name)
    told.add(name)
  }
  const each = (sign: (party: Seated, message: Uint8Array) => Promise<Uint8Array<ArrayBuffer>>) =>
    sideBySide(
      me.mail,
      messages.map((message, i) => (mail: Mailbox) => {
        return sign({ ...me, stage, mail: mailAt(mail, i, messages.length) }, message)
      }),
    )
  const byFrost = <P extends Element<P>>(suite: FrostSuite<P>, share: GroupKeyShare<P>) =>
    each((party, message) => frostSign(party, { suite, share, signers, message }))
  switch (held.scheme) {
    case 'ed25519':
      return byFrost(ed25519Suite, held.share)
    case 'taproot': {
      const output = taprootOutputShare(held.share)
      return byFrost(taprootSuite, output).finally(() => {
        output.secret.erase()
      })
    }
    case 'bls12381':
      return each((party, message) => blsSign(party, { share: held.share, signers, message }))
  }
}
