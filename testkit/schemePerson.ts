import type { Coordinator } from '../participant/coordinator.ts'
import { inSeat } from '../participant/session/inSeat.ts'
import type { OfferedSeat } from '../participant/session/newSession.ts'
import type { PinnedParty } from '../participant/session/serverParties.ts'
import { makeShare } from '../participant/share/makeShare.ts'
import type { NewShares } from '../participant/share/pendingShares.ts'
import { askAndSign } from '../participant/sign/signingRuns.ts'
import type { KeyScheme } from '../tss-wasm/content/keyScheme.ts'
import type { SchemeContent } from '../tss-wasm/content/schemeContent.ts'
import type { Identity } from '../tss-wasm/identity/identity.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import type { Engine, SchemeSignatures, SealedShare } from '../tss-wasm/worker/api.ts'

/** Somebody who makes and uses keys of other schemes with server parties, and keeps the shares in memory, sealed. */
export interface SchemePerson {
  readonly coordinator: Coordinator
  readonly identity: Identity
  readonly startEngine: () => Engine
  /** AES-GCM, of this person. */
  readonly sealing: CryptoKey
}

export interface HeldKey {
  readonly key: KeyScheme
  readonly walletId: string
  readonly publicKey: Uint8Array
  readonly threshold: number
  readonly sealedShare: SealedShare
  /** The server parties, in their seats. */
  readonly others: readonly OfferedSeat[]
  /** Once everybody has confirmed. */
  isActive: boolean
}

const me = 1 as PartyId
const deadlineMs = 120_000
const never = new AbortController().signal

export async function newSealing(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

/** The whole ceremony: proposed, approved, computed, stored, confirmed, active. */
export async function makeKey(
  { coordinator, identity, startEngine, sealing }: SchemePerson,
  {
    key,
    threshold,
    parties,
  }: { readonly key: KeyScheme; readonly threshold: number; readonly parties: readonly PinnedParty[] },
): Promise<HeldKey> {
  const others = parties.map(({ name, identity: pinned }, i) => ({
    seat: (2 + i) as PartyId,
    serverParty: name,
    pinned,
  }))
  const walletName = `Ours: ${key.scheme}`
  const domain = key.scheme === 'bls12381' ? { domain: key.domain } : {}
  const shape = { walletName, threshold, parties: 1 + others.length, curve: key.scheme } as const
  const proposal = { kind: 'keygen', ...shape, ...domain } as const
  await using seat = await coordinator.create({ identity, proposal, threshold, mySeat: me, others })
  return await inSeat(seat, async () => {
    await seat.propose()
    await seat.markReady()
    const roster = await seat.start()
    const host = { shares: inMemory({ key, threshold, others }), startEngine, now: () => Date.now() }
    const share = { identity, roster, deadlineMs, walletName, key, sealing: { kind: 'key', key: sealing } as const }
    return makeShare(host, seat, share, never)
  })
}

/** Asks these server parties, or all that hold shares, for signatures; enough of those who agree sign. */
export async function signWithKey(
  { coordinator, identity, startEngine, sealing }: SchemePerson,
  { key, publicKey, threshold, sealedShare, others: all }: HeldKey,
  content: SchemeContent,
  others: readonly OfferedSeat[] = all.slice(0, threshold - 1),
): Promise<SchemeSignatures> {
  const proposal = { kind: 'sign', scheme: key.scheme, publicKey, content } as const
  const session = { identity, proposal, threshold, parties: 1 + all.length, mySeat: me, others }
  await using seat = await coordinator.create(session)
  return await inSeat(seat, async () => {
    await seat.markReady()
    using engine = startEngine()
    const signed = await askAndSign<SchemeSignatures>(seat, {
      threshold,
      taken: () => undefined,
      sign: (roster, channel) => {
        const opening = { sealedShare, sealing: { kind: 'key', key: sealing } as const }
        return engine.signByScheme({ me, identity, roster, deadlineMs, content, ...opening }, channel, () => undefined)
      },
    })
    await seat.confirm(signed.confirmation)
    return signed
  })
}

/** What is lost with the process, and otherwise goes through the same states as everywhere. */
function inMemory(known: Pick<HeldKey, 'key' | 'threshold' | 'others'>): NewShares<HeldKey> {
  let held: HeldKey | undefined
  return {
    state: () => Promise.resolve(held === undefined ? 'none' : held.isActive ? 'active' : 'pending'),
    note: () => Promise.resolve(),
    store: (_share, { walletId, publicKey, sealedShare }) => {
      held = { ...known, walletId, publicKey, sealedShare, isActive: false }
      return Promise.resolve(held)
    },
    markLeaving: () => Promise.resolve(),
    activate: () => {
      if (held !== undefined) held.isActive = true
      return Promise.resolve()
    },
    discard: () => {
      held = undefined
      return Promise.resolve()
    },
    forget: () => Promise.resolve(),
  }
}
