import { ProtocolAbort, refused } from '../../../tss-wasm/failure.ts'
import type { RandomSource } from '../../../tss-wasm/random.ts'
import type { Authenticator, Credential } from '../passkeys.ts'

/** As long as a person may take to find the key and touch it; browsers bound it themselves too. Milliseconds. */
const longestMs = 120_000
/** COSE: Ed25519, ES256, RS256. Nothing is ever signed with it for us, so whatever the authenticator can is right. */
const algorithms = [-8, -7, -257]

/**
 * Passkeys by WebAuthn, for this page's host, used for their PRF alone (WebAuthn level 3, 10.1.4): a secret that only the
 * authenticator can compute, and only after it has verified its person. Challenges and signatures prove nothing here,
 * since there is nobody to prove it to: what counts is whether the secret opens the share.
 */
export function browserAuthenticator(random: RandomSource): Authenticator {
  async function evaluated(credential: Credential, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const { credentialId, transports, salt } = credential
    const found = await asked(() =>
      navigator.credentials.get({
        ...(signal && { signal }),
        publicKey: {
          rpId: location.hostname,
          challenge: random(32),
          allowCredentials: [
            { type: 'public-key', id: credentialId, transports: transports as AuthenticatorTransport[] },
          ],
          userVerification: 'required',
          timeout: longestMs,
          extensions: { prf: { eval: { first: salt } } },
        },
      }),
    )
    const secret = secretIn(found)
    if (secret === undefined) throw refused('passkey-no-prf', 'no prf')
    return secret
  }

  return {
    async offered() {
      if (typeof PublicKeyCredential === 'undefined') return 'no'
      if (isAddress(location.hostname)) return 'address'
      const able = await capabilities()
      return able['extension:prf'] === false ? 'no' : 'yes'
    },

    async create(account) {
      const salt = random(32)
      const created = await asked(() =>
        navigator.credentials.create({
          publicKey: {
            rp: { id: location.hostname, name: 'Quorate' },
            user: { id: random(32), name: account, displayName: account },
            challenge: random(32),
            pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
            // Several platforms give a PRF to discoverable passkeys only; a security key may go without.
            authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
            attestation: 'none',
            timeout: longestMs,
            extensions: { prf: { eval: { first: salt } } },
          },
        }),
      )
      const { rawId, response } = created
      const transports = response instanceof AuthenticatorAttestationResponse ? response.getTransports() : []
      const credential = { credentialId: new Uint8Array(rawId), transports, salt }
      if (created.getClientExtensionResults().prf?.enabled !== true) {
        await forget(credential.credentialId)
        throw refused('passkey-no-prf', 'no prf')
      }
      // Most authenticators evaluate it only when asked again.
      return { ...credential, secret: secretIn(created) ?? (await evaluated(credential)) }
    },

    secretOf: evaluated,
    forget,
  }
}

/** `signalUnknownCredential` is young; where it is missing the passkey stays in its manager's list, opening nothing. */
async function forget(credentialId: Uint8Array<ArrayBuffer>): Promise<void> {
  const { signalUnknownCredential } = PublicKeyCredential as {
    signalUnknownCredential?: (options: { rpId: string; credentialId: string }) => Promise<void>
  }
  const unknown = { rpId: location.hostname, credentialId: base64url(credentialId) }
  await signalUnknownCredential?.call(PublicKeyCredential, unknown).catch(() => undefined)
}

async function capabilities(): Promise<Readonly<Record<string, boolean>>> {
  const { getClientCapabilities } = PublicKeyCredential as {
    getClientCapabilities?: () => Promise<Record<string, boolean>>
  }
  return (await getClientCapabilities?.call(PublicKeyCredential)) ?? {}
}

/** Passkeys belong to host names; an IP address is none. */
function isAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^[\d.]+$/.test(hostname)
}

async function asked(ask: () => Promise<unknown>): Promise<PublicKeyCredential> {
  try {
    const answer = await ask()
    if (answer instanceof PublicKeyCredential) return answer
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
    if (error.name === 'AbortError') throw new ProtocolAbort({ kind: 'cancelled' })
  }
  throw refused('passkey-unused', 'not used')
}

function secretIn(credential: PublicKeyCredential): Uint8Array<ArrayBuffer> | undefined {
  const first = credential.getClientExtensionResults().prf?.results?.first
  // Not a copy: the one that is overwritten.
  return first instanceof ArrayBuffer ? new Uint8Array(first) : undefined
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
