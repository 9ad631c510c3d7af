import { asText, type Setting } from './settings.ts'

/** Of every program that other people's money depends on. */
export const environmentSetting = {
  variable: 'QUORATE_ENV',
  says: '"production" refuses to start with default, short or missing secrets, and a coordinator without TLS. Otherwise development.',
  example: { text: 'production', isSet: true },
  read: asText,
} satisfies Setting<string>

/** What a coordinator for other people's money must be given; development makes up what is missing. */
export interface ProductionSettings {
  readonly joinTokenSecret: string | undefined
  readonly databaseUrl: string | undefined
  /** Whether this process speaks TLS, or says that something in front of it does. */
  readonly isEncrypted: boolean
}

/** Passwords of examples and habits. */
const known = ['postgres', 'password', 'secret', 'changeme', 'change-me', 'quorate', 'admin', 'root', 'test', 'example']
const shortestPassword = 16
const secretPattern = /^[0-9a-fA-F]{64}$/

/** Every reason not to start in production mode; empty: none. Names settings, never their values. */
export function unsafeFor(settings: ProductionSettings): readonly string[] {
  const { joinTokenSecret, databaseUrl, isEncrypted } = settings
  const reasons = unsafeSecret('JOIN_TOKEN_SECRET', joinTokenSecret)
  if (databaseUrl !== undefined) {
    const password = decodeURIComponent(URL.parse(databaseUrl)?.password ?? '')
    if (known.includes(password.toLowerCase())) reasons.push('the password in DATABASE_URL is a default')
    else if (password.length < shortestPassword) {
      reasons.push(`the password in DATABASE_URL has fewer than ${shortestPassword} characters`)
    }
  }
  if (!isEncrypted) {
    reasons.push('neither TLS_CERT and TLS_KEY nor TLS_TERMINATED=1 (a proxy in front speaks TLS) is set')
  }
  return reasons
}

/** The same for a server party, whose key may not lie in a file beside what it seals. */
export function unsafeForParty(masterKey: string | undefined): readonly string[] {
  return unsafeSecret('CRYPTO_MASTER_KEY', masterKey)
}

/** @throws Error with the reasons not to start, where the environment says that this is production */
export function mustBeSafe(reasonsNot: () => readonly string[]): void {
  const reasons = process.env[environmentSetting.variable] === 'production' ? reasonsNot() : []
  if (reasons.length > 0) throw new Error(`not started in production mode: ${reasons.join('; ')}`)
}

function unsafeSecret(name: string, secret: string | undefined): string[] {
  if (secret === undefined) return [`${name} is not set`]
  if (!secretPattern.test(secret)) return [`${name} is not 64 hex digits`]
  return isPattern(secret) ? [`${name} is not a random value`] : []
}

/** Zeros, repeated or counted digits: 32 random bytes have some 28 different values, never fewer than 16. */
function isPattern(hex: string): boolean {
  const bytes = Buffer.from(hex, 'hex')
  const steps = new Set(bytes.map((byte, at) => (byte - (bytes[at - 1] ?? 0)) & 255))
  return new Set(bytes).size < 16 || steps.size < 8
}
