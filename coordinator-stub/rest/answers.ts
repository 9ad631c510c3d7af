import { Code } from '@connectrpc/connect'
import { z } from 'zod'
import { causes } from '../../tss-wasm/failure.ts'
import { reshareReasons } from '../../tss-wasm/identity/reshareProposal.ts'
import { reasons } from '../process/refusal.ts'
import { reshareNews } from './auditQuery.ts'
import { participantType } from './schemas.ts'

/** What REST answers. Handlers are typed by these, and /openapi.json is made from them. */

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`))
const id = hex(16)
/** For languages whose usual integer is shorter. */
const int64 = { format: 'int64' }
const milliseconds = z
  .int()
  .min(0)
  .meta({ ...int64, description: 'milliseconds since 1970' })
const seat = z.int().min(1).max(20).meta({ id: 'Seat' })

const seated = { seat, party_id: z.string(), type: participantType }

const holder = z
  .strictObject(seated)
  .meta({ id: 'ShareHolder', description: 'Who holds the share of which seat, as the order named it' })

const participant = z
  .strictObject({
    ...seated,
    status: z
      .enum(['invited', 'joined', 'ready', 'computing', 'completed', 'failed'])
      .meta({ id: 'ParticipantStatus' }),
  })
  .meta({ id: 'Participant', description: 'Who has which seat, as the order named it, and how far that one is' })

export const orderedAnswer = z
  .strictObject({
    session_id: id,
    join_tokens: z
      .record(z.string(), z.string())
      .describe('by party_id, for users only; hand each to its user and to nobody else'),
    seats: z.record(z.string(), seat).describe('by party_id'),
    status: z.literal('created'),
    expires_at_ms: milliseconds,
  })
  .meta({ id: 'OrderedSession' })

export const signatureAnswer = z
  .strictObject({
    r: hex(32),
    s: hex(32).describe('in the lower half of the order'),
    v: z.int().min(27).max(30),
    recovery: z.int().min(0).max(3),
    der: z.string().regex(/^[0-9a-f]+$/),
  })
  .meta({ id: 'Signature', description: 'One ECDSA signature in the forms that programs ask for' })

const failure = z
  .strictObject({ kind: z.string(), check: z.string(), detail: z.string(), parties: z.array(seat) })
  .meta({
    id: 'SessionFailure',
    description: 'why it ended, by the word of the participant that ended it: shown, never trusted',
  })

export const sessionAnswer = z
  .strictObject({
    session_id: id,
    kind: z.enum(['keygen', 'sign']).meta({ id: 'SessionKind' }),
    status: z
      .enum(['created', 'waiting', 'in_progress', 'completed', 'failed', 'expired'])
      .meta({ id: 'SessionStatus' }),
    participants: z.array(participant),
    expires_at_ms: milliseconds,
    failure: failure.optional(),
    public_key: hex(33).describe('of the new wallet, compressed').optional(),
    signature: signatureAnswer.optional(),
  })
  .meta({ id: 'Session' })

export const accountAnswer = z
  .strictObject({
    account_id: id,
    name: z.string(),
    public_key: hex(33).describe('compressed'),
    threshold_t: z.int().min(2).max(20),
    threshold_n: z.int().min(2).max(20),
    epoch: z.int().min(0).describe('how often its shares were renewed; what is signed names it where it is above 0'),
    shares: z.array(holder).describe('who holds them; never the shares'),
    status: z.enum(['active', 'suspended']).meta({ id: 'AccountStatus' }),
    session_id: id,
    created_at_ms: milliseconds,
  })
  .meta({ id: 'Account' })

export const accountsAnswer = z.strictObject({ accounts: z.array(accountAnswer) }).meta({ id: 'Accounts' })

const epoch = z.int().min(0)
const threshold = z.int().min(2).max(20)
const seatStatus = ['invited', 'joined', 'ready', 'dealing', 'confirmed', 'failed'] as const

export const reshareAnswer = z
  .strictObject({
    reshare_id: id.describe('of its session'),
    account_id: id,
    public_key: hex(33).describe('compressed; it stays, and so do the addresses'),
    reason: z.enum(reshareReasons).meta({ id: 'ReshareReason' }),
    from_epoch: epoch.describe('whose shares are dealt'),
    to_epoch: epoch,
    threshold: z.strictObject({ from: threshold, to: threshold }).meta({ id: 'ReshareThreshold' }),
    status: z
      .enum(['proposed', 'waiting', 'dealing', 'confirming', 'committed', 'done', 'aborted', 'expired'])
      .meta({ id: 'ReshareStatus' })
      .describe(
        'committed: its shares sign from now on; done: whoever dealt has also signed that the old share is erased',
      ),
    proposed_at_ms: milliseconds,
    expires_at_ms: milliseconds,
    old: z
      .array(
        z
          .strictObject({ seat, status: z.enum([...seatStatus, 'retired']).meta({ id: 'OldMemberStatus' }) })
          .meta({ id: 'OldMember' }),
      )
      .describe('who deals, by the seats of the epoch before'),
    new: z
      .array(
        z
          .strictObject({
            seat,
            status: z.enum(seatStatus).meta({ id: 'NewMemberStatus' }),
            identity_fingerprint: z.string().optional(),
            server_party: z.string().optional(),
          })
          .meta({ id: 'NewMember' }),
      )
      .describe('who receives, by the seats of the new epoch'),
    left_out: z.array(seat).describe('seats of the epoch before whose holders hold nothing afterwards'),
    awaited: z.array(seat).describe('new seats that have not confirmed'),
    certificate: z
      .string()
      .describe('base64: what all have signed, to be verified without this coordinator (tss-wasm/RESHARING.md 5)')
      .optional(),
    failure: failure.optional(),
  })
  .meta({ id: 'Reshare' })

export const resharesAnswer = z.strictObject({ reshares: z.array(reshareAnswer) }).meta({ id: 'Reshares' })

/** Ed25519, by the key that the user has pinned (docs/OPERATIONS.md). */
const hostSignature = hex(64)

export const userShareAnswer = z
  .strictObject({
    session_id: id,
    seat,
    wallet_id: id,
    public_key: hex(33),
    user_share: z.string().describe('an age file in its text form, for the recipient; the coordinator keeps none'),
    host_signature: hostSignature.describe('the coordinator has made this share for this recipient'),
    confirmation: z.string().describe('to be given back by confirm-user-share once the share is stored'),
  })
  .meta({ id: 'UserShare' })

export const userShareKeyAnswer = z
  .strictObject({
    key_id: id,
    recipient: z.string().describe('of age'),
    expires_at_ms: milliseconds,
    host_signature: hostSignature.describe('the key is of the coordinator'),
  })
  .meta({ id: 'UserShareKey' })

export const signedAnswer = z
  .strictObject({
    session_id: id,
    status: z.literal('completed'),
    signature: signatureAnswer,
    signatures: z
      .array(signatureAnswer)
      .optional()
      .describe('where contents were ordered: of each of them, in their order; signature is the first'),
  })
  .meta({ id: 'SignedSession' })

export const auditEntry = z
  .strictObject({
    entry: z.int().meta({ ...int64, description: 'continue after this one' }),
    time: z.iso.datetime(),
    session_id: z.string(),
    seat: z.int(),
    event: z.string(),
    details: z.record(z.string(), z.unknown()),
    account_id: id.optional().describe('of new shares: the account whose wallet they are of'),
    reshare: z
      .enum(reshareNews)
      .meta({ id: 'ReshareNews' })
      .optional()
      .describe('of new shares: what the entry means for them'),
  })
  .meta({ id: 'AuditEntry' })

export const auditAnswer = z.strictObject({ entries: z.array(auditEntry) }).meta({ id: 'AuditEntries' })

/** The code is gRPC's, so that both interfaces say the same; the reason is what programs go by. */
export const refusedAnswer = z
  .strictObject({
    error: z.strictObject({
      code: z.enum(Object.keys(Code).filter((name) => Number.isNaN(Number(name)))).meta({ id: 'RefusalCode' }),
      reason: z.enum(reasons).meta({ id: 'RefusalReason' }),
      cause: z
        .enum(causes)
        .meta({ id: 'RefusalCause' })
        .optional()
        .describe('of a ceremony that ended: what was refused in it, here or by another party'),
      message: z.string().describe('for people; it may change'),
    }),
  })
  .meta({ id: 'Refused' })
