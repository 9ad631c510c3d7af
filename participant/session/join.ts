import { misbehaviour } from '../../tss-wasm/failure.ts'
import type { Identity } from '../../tss-wasm/identity/identity.ts'
import { joinBinding } from '../../tss-wasm/identity/join.ts'
import { stateTerms, termsOf } from '../../tss-wasm/identity/terms.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import type { Secret } from '../../tss-wasm/secret.ts'
import type { Connection } from '../connection/connection.ts'
import { asAbort } from '../connection/failures.ts'
import type { SessionPreview } from './sessionPreview.ts'
import { mustBeAsSeen, newCodeNonce, sessionBytes } from './handshake.ts'
import { newClient } from './client.ts'
import { openSeat } from './openSeat.ts'
import { reportFailure } from './reportFailure.ts'
import type { Seat } from './seat.ts'
import { checkedSession } from './sessionParts.ts'
import { verifiedRoster } from './verifiedRoster.ts'

export interface Joining {
  readonly identity: Identity
  /** What we call ourselves, said where the session has names; left out: nothing. */
  readonly name?: string
  /** From an invitation. */
  readonly seatSecret?: Secret<Uint8Array>
  /** Signing: what we know of the wallet; stated in the hand-shake. */
  readonly wallet?: WalletShape
}

export interface WalletShape {
  /** t: how many parties sign. */
  readonly threshold: number
  /** n: how many parties hold shares. */
  readonly parties: number
}

const never = new AbortController().signal

/** Says what it believes it is joining, as it was seen, and takes the seat. */
export async function join(
  connection: Connection,
  seen: SessionPreview,
  { identity, name, seatSecret, wallet }: Joining,
  random: RandomSource,
): Promise<Seat> {
  const { access, sessionId, me, proposal, proposalBytes, creator } = seen
  const { joinToken } = access
  const headers = { authorization: `Bearer ${joinToken}` }
  const shape = proposal.kind === 'sign' ? wallet : proposal
  if (shape === undefined) throw new Error('a signer states what it knows of the wallet')
  const { threshold, parties } = shape
  const where = { session: sessionBytes(sessionId), seat: me }
  const code = newCodeNonce(proposal, where, random)
  const terms = termsOf(proposal, proposalBytes, where, { threshold, parties }, code.commitment, name)
  const statement = await stateTerms(terms, identity)
  const bound = { session: terms.session, seat: me, identity: identity.public, terms: statement.terms }
  const seatMac = seatSecret === undefined ? new Uint8Array() : joinBinding(seatSecret.reveal(), bound)
  const client = newClient(random)
  const answer = await connection.persistently.call(
    (options) =>
      connection.sessions.joinSession(
        { sessionId, identity: { ...identity.public }, statement, seatMac, client, ready: proposal.kind === 'sign' },
        { ...options, headers },
      ),
    never,
  )
  // A coordinator that knows no clients goes on with the one token.
  const seatToken = answer.seatToken === '' ? joinToken : answer.seatToken
  const session = checkedSession(answer.session, sessionId)
  try {
    if (answer.seat !== (me as number)) throw misbehaviour([], 'coordinator gives us the seat that it showed us')
    mustBeAsSeen(session, seen)
  } catch (error) {
    await reportFailure(
      connection,
      { sessionId, headers: { authorization: `Bearer ${seatToken}` } },
      asAbort(error).failure,
    )
    throw error
  }
  const stated = { terms, codeNonce: code.nonce, creatorHandshake: seen.handshake }
  const taken = { session, me, identity, joinToken: seatToken, client, proposal, proposalBytes, creator, ...stated }
  return openSeat(connection, taken, async (seat) => {
    const roster = await verifiedRoster(taken, await seat.watch.until((now) => now.roster.length > 0))
    await seat.enter(roster)
    return roster
  })
}
