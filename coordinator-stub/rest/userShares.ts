import { Code, createClient } from '@connectrpc/connect'
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import { CoordinatorService, SessionKind } from '../../proto/gen/coordinator_pb.js'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import { verifyConfirmation } from '../../tss-wasm/identity/confirmation.ts'
import { encodeProposal } from '../../tss-wasm/identity/proposal.ts'
import { decodeRoster } from '../../tss-wasm/identity/roster.ts'
import { vouchForKey, vouchForShare } from '../../tss-wasm/identity/shareHost.ts'
import { walletIdOf } from '../../tss-wasm/keyShare/keyShare.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Database } from '../storage/database.ts'
import { Refusal } from '../process/refusal.ts'
import type { Services } from '../rpc/services.ts'
import { makeUserShare, type Ordered, signWithUserShare, type UserSharePorts } from '../userShares/ceremonies.ts'
import { requestKeys } from '../userShares/requestKeys.ts'
import { openedWith } from '../userShares/userShare.ts'
import { getAccount } from '../orders/accounts.ts'
import { type Call, created, ok } from './call.ts'
import { contentOf, orderedContent } from '../orders/content.ts'
import { valid } from './http.ts'
import { type Order, orderOf, signingOf } from '../orders/orders.ts'
import { followed } from '../orders/reshares.ts'
import { confirmUserShareSchema, generateUserShareSchema, signWithUserShareSchema } from './schemas.ts'
import { signatureForms } from './signatureForms.ts'
import type { Part, TakingPart } from './takingPart.ts'

/** A party for devices that cannot compute: takes part once, gives away what it made, and keeps nothing (docs/OPERATIONS.md). */
export function userShareRoutes(services: Services, database: Database, part: TakingPart) {
  const { random, now, tokens, sessions } = services
  const keys = requestKeys(random)

  /** The order, and whose seat the token is for. */
  async function ordered(call: Call, kind: SessionKind, sessionId: string, joinToken: string) {
    const order = await orderOf(database, call.caller, sessionId)
    if (order.kind !== kind) throw new Refusal('not_as_ordered', 'the session was ordered for a different purpose')
    const claims = await tokens.verify(joinToken, now())
    if (claims.sessionId !== sessionId)
      throw new Refusal('token_elsewhere', 'the join token belongs to a different session')
    return { order, seat: claims.seat }
  }

  /** Takes the seat of a token in what was ordered. */
  function inSeat<T>(
    call: Call,
    { sessionId, participants, threshold }: Order,
    { seat, joinToken, event }: Omit<Part, 'sessionId'> & { readonly joinToken: string },
    work: (ports: UserSharePorts, ordered: Ordered, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const where = { access: { sessionId, joinToken }, participants, threshold, mySeat: seat as PartyId }
    return part.working(call, { sessionId, seat, event }, (ports, signal) => work(ports, where, signal))
  }

  return {
    async 'POST /api/v1/keygen/generate-user-share'(call: Call) {
      const { session_id, join_token, recipient, wallet_name } = valid(generateUserShareSchema, await call.body())
      const { order, seat } = await ordered(call, SessionKind.KEYGEN, session_id, join_token)
      if (order.participants[0]?.seat !== seat) {
        throw new Refusal('creator_only', 'only the first participant can create the wallet')
      }
      await mustBeNew(sessions, session_id)
      const as = { seat, joinToken: join_token, event: 'making-user-share' } as const
      const { publicKey, userShare, confirmation } = await inSeat(call, order, as, (ports, where, signal) =>
        makeUserShare(ports, where, { recipient, walletName: wallet_name }, signal),
      )
      const given = { session: hexToBytes(session_id), publicKey, recipient, file: userShare }
      return ok({
        session_id,
        seat,
        wallet_id: walletIdOf(publicKey),
        public_key: bytesToHex(publicKey),
        user_share: userShare,
        host_signature: bytesToHex(await vouchForShare(given, part.host().identity)),
        confirmation: bytesToHex(confirmation),
      })
    },

    async 'POST /api/v1/keygen/confirm-user-share'(call: Call) {
      const { session_id: sessionId, join_token, confirmation } = valid(confirmUserShareSchema, await call.body())
      const { order } = await ordered(call, SessionKind.KEYGEN, sessionId, join_token)
      const seat = order.participants[0]?.seat ?? 0
      const value = hexToBytes(confirmation)
      const { roster } = await sessions.get(sessionId)
      // One that is not signed by this seat could never be taken back, and the wallet would never belong to anybody.
      const isSigned = await verifyConfirmation(value, decodeRoster(roster), seat as PartyId).then(
        () => true,
        () => false,
      )
      if (!isSigned) throw new Refusal('malformed', 'confirmation: does not match the share')
      const { transport } = part.host()
      const headers = { authorization: `Bearer ${join_token}` }
      const outcome = { case: 'confirmation', value } as const
      await createClient(CoordinatorService, transport).reportCompletion({ sessionId, outcome }, { headers })
      return call.progress(order)
    },

    async 'POST /api/v1/sign/user-share-key'(call: Call) {
      const { identity } = part.host()
      const { keyId, recipient, expiresAtMs } = await keys.publish(call.caller, now())
      const signature = await vouchForKey({ keyId: hexToBytes(keyId), recipient, expiresAtMs }, identity)
      return created({ key_id: keyId, recipient, expires_at_ms: expiresAtMs, host_signature: bytesToHex(signature) })
    },

    async 'POST /api/v1/sign/with-user-share'(call: Call) {
      const { session_id, join_token, key_id, user_share, ...what } = valid(signWithUserShareSchema, await call.body())
      const { order, seat } = await ordered(call, SessionKind.SIGN, session_id, join_token)
      if (order.participants[0]?.seat === seat) await mustBeNew(sessions, session_id)
      const account = await getAccount(database, call.caller, order.accountId ?? '')
      const proposal = signingOf(await followed(database, sessions, account), contentOf(orderedContent(what)))
      const { content } = proposal
      const proposed = (each: typeof content) => encodeProposal({ ...proposal, content: each }, hexToBytes(session_id))
      if (order.content === undefined || !sameBytes(proposed(content), proposed(contentOf(order.content)))) {
        throw new Refusal('not_as_ordered', 'the content does not match the order')
      }
      const key = keys.take(call.caller, key_id, now())
      const as = { seat, joinToken: join_token, event: 'using-user-share' } as const
      const { signatures } = await inSeat(call, order, as, async (ports, where, signal) =>
        signWithUserShare(ports, where, await openedWith(key, user_share), proposal, signal),
      )
      const all = signatures.map(({ r, s, recovery }) => signatureForms(concatBytes(r, s, Uint8Array.of(recovery))))
      const [signature] = all
      if (signature === undefined) throw new Error('every content has a signature')
      const several = content.type === 'batch' ? { signatures: all } : {}
      return ok({ session_id, status: 'completed' as const, signature, ...several })
    },
  }
}

/** @throws Refusal ALREADY_EXISTS */
async function mustBeNew(sessions: Services['sessions'], sessionId: string): Promise<void> {
  try {
    await sessions.get(sessionId)
  } catch (error) {
    if (error instanceof Refusal && error.code === Code.NotFound) return
    throw error
  }
  throw new Refusal('session_exists', 'the session has already been opened')
}
