import { sameBytes } from '../../tss-wasm/bytes.ts'
import { misbehaviour } from '../../tss-wasm/failure.ts'
import { type Roster, verifyRoster } from '../../tss-wasm/identity/roster.ts'
import { agreedProtocol } from '../../tss-wasm/identity/signingProtocol.ts'
import type { Terms } from '../../tss-wasm/identity/terms.ts'
import type { Session } from '../../proto/gen/coordinator_pb.js'
import { mustBeSameHandshake, statementIn, verifyTermsOf } from './handshake.ts'
import { agreedIn, type Taken } from './taken.ts'

/**
 * The roster that a session shows, signed by its creator, with the hand-shake of everybody in it held against ours.
 * @throws ProtocolAbort
 */
export async function verifiedRoster(taken: Taken, now: Session): Promise<Roster> {
  const { me, identity, terms, creatorHandshake } = taken
  const verified = await verifyRoster(now.roster, now.rosterSignature, {
    ...agreedIn(taken),
    me,
    identity: identity.public,
    ...(terms.kind !== 'sign' && { codeCommitment: terms.codeCommitment }),
  })
  mustBeSameHandshake(statementIn(now, verified.creator), creatorHandshake)
  const stated: Terms[] = []
  for (const each of verified.seats) {
    const theirs = each.seat === me ? terms : await verifyTermsOf(now, each, terms)
    if (!sameBytes(each.codeCommitment ?? new Uint8Array(), theirs.codeCommitment))
      throw misbehaviour([], 'roster has the commitments that were stated', `party ${each.seat}`)
    if (each.name !== theirs.name) throw misbehaviour([], 'roster has the names that were stated', `party ${each.seat}`)
    stated.push(theirs)
  }
  if (terms.kind === 'sign' && verified.signing !== agreedProtocol(stated))
    throw misbehaviour([verified.creator], 'roster names the protocol that all signers can')
  return verified
}
