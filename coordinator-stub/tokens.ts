import { Code } from '@connectrpc/connect'
import { jwtVerify, SignJWT } from 'jose'
import { Refusal } from './refusal.ts'

/** What a join token entitles to: one seat of one session. */
export interface Claims {
  readonly sessionId: string
  readonly seat: number
  /** Grows when the seat is revoked: earlier tokens are then worthless. */
  readonly generation: number
}

export interface Tokens {
  /** Of generation 0 unless it says otherwise. */
  issue(claims: Omit<Claims, 'generation'> & { readonly generation?: number }, expiresAtMs: number): Promise<string>
  /** @throws Refusal UNAUTHENTICATED: not ours, tampered with, or expired */
  verify(token: string, nowMs: number): Promise<Claims>
}

const algorithm = 'HS256'
const issuer = 'quorate-coordinator'
const longestToken = 1024
/** Clocks differ, and a party may ask for the outcome just after the end. */
const toleratedSeconds = 60

/** @param key at least 32 bytes; jose compares signatures through WebCrypto, in constant time */
export function createTokens(key: Uint8Array): Tokens {
  if (key.length < 32) throw new Error('the join token key must have at least 32 bytes')
  return {
    issue: ({ sessionId, seat, generation = 0 }, expiresAtMs) =>
      new SignJWT({ sid: sessionId, seat, gen: generation })
        .setProtectedHeader({ alg: algorithm })
        .setIssuer(issuer)
        .setExpirationTime(Math.ceil(expiresAtMs / 1000))
        .sign(key),
    async verify(token, nowMs) {
      if (token.length > longestToken)
        throw new Refusal(Code.Unauthenticated, 'this is no join token of this coordinator')
      const { sid, seat, gen } = await claimsOf(token, key, nowMs)
      if (typeof sid !== 'string' || typeof seat !== 'number' || typeof gen !== 'number') {
        throw new Refusal(Code.Unauthenticated, 'this is no join token of this coordinator')
      }
      return { sessionId: sid, seat, generation: gen }
    },
  }
}

async function claimsOf(token: string, key: Uint8Array, nowMs: number): Promise<Record<string, unknown>> {
  const options = { algorithms: [algorithm], issuer, currentDate: new Date(nowMs), clockTolerance: toleratedSeconds }
  try {
    return (await jwtVerify(token, key, { ...options, requiredClaims: ['exp'] })).payload
  } catch (error) {
    const expired = error instanceof Error && 'code' in error && error.code === 'ERR_JWT_EXPIRED'
    throw new Refusal(
      Code.Unauthenticated,
      expired ? 'the join token has expired' : 'this is no join token of this coordinator',
    )
  }
}
