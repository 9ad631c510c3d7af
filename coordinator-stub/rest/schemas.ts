import { z } from 'zod'
import { hasHidden } from '../../tss-wasm/content/visibleText.ts'
import { isName, longestWalletName } from '../../tss-wasm/identity/walletName.ts'
import { contentSchema, contentsSchema, isOne } from '../orders/contentSchema.ts'
import { largestParty } from '../sessions/rules.ts'
import { longestUserShare } from '../userShares/userShare.ts'

/** What REST takes. Requests are checked with these, and /openapi.json is made from them. */

const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`), `${bytes} bytes as lower-case hex`)
const partyId = z
  .string()
  .regex(/^[a-zA-Z0-9_.@-]{1,64}$/, '1 to 64 letters, digits, or any of _.@-')
  .meta({ id: 'PartyId' })
export const sessionIdSchema = hex(16)
export const accountIdSchema = hex(16)

/** A person or a registered server party, which is named as the coordinator knows it. */
export const participantType = z.enum(['user', 'server']).meta({ id: 'ParticipantType' })
const participant = z
  .strictObject({ party_id: partyId, type: participantType.default('user') })
  .meta({ id: 'OrderedParticipant' })
const participants = z
  .array(participant)
  .min(2)
  .max(largestParty)
  .refine((all) => new Set(all.map(({ party_id }) => party_id)).size === all.length, 'a participant is listed twice')
  .refine((all) => all[0]?.type === 'user', 'the first participant opens the session and cannot be a server party')
const lifeSeconds = z.int().min(30).max(86_400).default(600)

export const keygenSchema = z
  .strictObject({
    threshold_n: z.int().min(2).max(largestParty).describe('how many parties hold a share'),
    threshold_t: z.int().min(2).max(largestParty).describe('how many of them sign together'),
    participants,
    life_seconds: lifeSeconds,
  })
  .refine(({ threshold_n, threshold_t }) => threshold_t <= threshold_n, 'threshold_t is at most threshold_n')
  .refine(
    ({ threshold_n, participants: all }) => all.length === threshold_n,
    'there are threshold_n participants, seat 1 first',
  )
  .meta({ id: 'KeygenOrder' })

export const signSchema = z
  .strictObject({
    account_id: accountIdSchema,
    content: contentSchema.optional(),
    contents: contentsSchema.optional(),
    message_hash: hex(32)
      .optional()
      .describe(
        '32 bytes to be signed as they are. Nobody can see what they stand for: server parties refuse unless their policy says rawDigest, and people are warned. Send content instead',
      ),
    participants: z.array(partyId).min(2).max(largestParty).describe('of the account; the first opens the session'),
    life_seconds: lifeSeconds,
  })
  .refine(isOne, { message: 'either content, contents or message_hash' })
  .meta({ id: 'SignatureOrder' })

const joinToken = z.string().min(1).max(1024)
const recipient = z.string().regex(/^age1[0-9a-z]{58}$/, 'an X25519 recipient of age: age1 and 58 characters')
const walletNameSchema = z
  .string()
  .max(longestWalletName)
  .refine(isName, 'must be a name without hidden characters or blanks at its ends')
  .default('Wallet')
  .describe('as server parties note it')

export const generateUserShareSchema = z
  .strictObject({
    session_id: sessionIdSchema.describe('a keygen session that was ordered, and that nobody has opened'),
    join_token: joinToken.describe("the first participant's"),
    recipient: recipient.describe('to whom the share is encrypted: the public half of a key that only the user has'),
    wallet_name: walletNameSchema,
  })
  .meta({ id: 'GenerateUserShare' })

const confirmation = z
  .string()
  .regex(/^([0-9a-f]{2}){1,512}$/, 'lower-case hex')
  .describe('as it came with the share')

export const confirmUserShareSchema = z
  .strictObject({
    session_id: sessionIdSchema,
    join_token: joinToken,
    confirmation,
  })
  .meta({ id: 'ConfirmUserShare' })

const invitation = z
  .string()
  .min(1)
  .max(4096)
  .describe('to the place of the user, from a member of the wallet: the link, or what stands in it from join/ on')

export const recoverSchema = z
  .strictObject({
    invitation,
    recipient: recipient.describe(
      'to whom the new share is encrypted: the public half of a key that only the user has',
    ),
  })
  .meta({ id: 'Recover' })

export const confirmRecoverySchema = z
  .strictObject({
    invitation,
    confirmation,
  })
  .meta({ id: 'ConfirmRecovery' })

export const signWithUserShareSchema = z
  .strictObject({
    session_id: sessionIdSchema.describe('a signing session that was ordered'),
    join_token: joinToken.describe("the user's"),
    key_id: hex(16),
    user_share: z
      .string()
      .max(longestUserShare)
      .regex(/^\s*-----BEGIN AGE ENCRYPTED FILE-----/, 'an age file in its text form')
      .describe(
        'an order of the user: session, hash of the proposal and what generate-user-share gave, encrypted to the recipient of key_id (docs/OPERATIONS.md)',
      ),
    content: contentSchema.optional().describe('what the user agrees to sign; it must be what was ordered'),
    contents: contentsSchema.optional(),
    message_hash: hex(32).optional(),
  })
  .refine(isOne, { message: 'either content, contents or message_hash' })
  .meta({ id: 'SignWithUserShare' })

export const accountSchema = z
  .strictObject({
    session_id: sessionIdSchema.describe('a completed keygen session that was ordered with the same API key'),
    name: z
      .string()
      .min(1)
      .max(100)
      .refine((name) => !hasHidden(name), 'must not contain hidden characters'),
  })
  .meta({ id: 'NewAccount' })

export const eventsQuerySchema = z.strictObject({
  after: z.coerce.number().int().min(0).optional().meta({
    format: 'int64',
    description: 'the entry number to continue after; a Last-Event-ID header counts as such. Without: from now on',
  }),
})

export const auditQuerySchema = z.strictObject({
  session_id: sessionIdSchema.optional(),
  after: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .meta({ format: 'int64', description: 'the entry number to continue after' }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  format: z.enum(['json', 'csv']).default('json'),
})
