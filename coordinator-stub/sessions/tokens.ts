import { createHash } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import { Refusal } from '../process/refusal.ts'

/** What a join token entitles to: one seat of one session. */
export interface Claims {
  readonly sessionId: string
  readonly seat: number
  /** Grows when the seat is revoked: earlier tokens are then worthless. */
  readonly generation: number
  /** The program that sits there, in hex: worthless once another one does. Empty: whoever is to take the seat. */
  readonly client: string
}

type Issued = Pick<Claims, 'sessionId' | 'seat'> & Partial<Claims>

export interface Tokens {
  /** Of generation 0 and of no client unless it says otherwise. */
  issue(claims: Issued, expiresAtMs: number): Promise<string>
  /** @throws Refusal UNAUTHENTICATED: not ours, tampered with, or expired */
  verify(token: string, nowMs: number): Promise<Claims>
}

const algorithm = 'HS256'
const issuer = 'quorate-coordinator'
const longestToken = 1024
/** Clocks differ, and a party may ask for the outcome just after the end. */
const toleratedSeconds = 60
/** Parties call with the same token again and again, and checking a signature costs more than the rest of a call. */
const mostRemembered = 20_000

/** @param key at least 32 bytes; jose compares signatures through WebCrypto, in constant time */
export function createTokens(key: Uint8Array): Tokens {
  if (key.length < 32) throw new Error('the join token key must be at least 32 bytes long')
  /** By hash, so that how long a look-up takes says nothing about a token. */
  const remembered = new Map<string, { readonly claims: Claims; readonly expiresAtMs: number }>()
  return {
    issue: ({ sessionId, seat, generation = 0, client = '' }, expiresAtMs) =>
      new SignJWT({ sid: sessionId, seat, gen: generation, ...(client !== '' && { client }) })
        .setProtectedHeader({ alg: algorithm })
        .setIssuer(issuer)
        .setExpirationTime(Math.ceil(expiresAtMs / 1000))
        .sign(key),
    async verify(token, nowMs) {
      if (token.length > longestToken) throw new Refusal('token_invalid', 'invalid join token')
      const hash = createHash('sha256').update(token).digest('base64')
      const known = remembered.get(hash)
      if (known !== undefined && nowMs < known.expiresAtMs) return known.claims
      const { sid, seat, gen, exp, client = '' } = await claimsOf(token, key, nowMs)
      const isSeat = typeof sid === 'string' && typeof seat === 'number' && typeof gen === 'number'
      if (!isSeat || typeof client !== 'string') {
        throw new Refusal('token_invalid', 'invalid join token')
      }
      const claims = { sessionId: sid, seat, generation: gen, client }
      remembered.set(hash, { claims, expiresAtMs: Number(exp) * 1000 })
      const [oldest = ''] = remembered.keys()
      if (remembered.size > mostRemembered) remembered.delete(oldest)
      return claims
    },
  }
}

async function claimsOf(token: string, key: Uint8Array, nowMs: number): Promise<Record<string, unknown>> {
  const options = { algorithms: [algorithm], issuer, currentDate: new Date(nowMs), clockTolerance: toleratedSeconds }
  try {
    return (await jwtVerify(token, key, { ...options, requiredClaims: ['exp'] })).payload
  } catch (error) {
    const expired = error instanceof Error && 'code' in error && error.code === 'ERR_JWT_EXPIRED'
    throw expired
      ? new Refusal('token_expired', 'the join token has expired')
      : new Refusal('token_invalid', 'invalid join token')
  }
}
