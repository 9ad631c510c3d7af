import { failureIn } from '../../tss-wasm/failure.ts'
import { encodeRoster, type Roster } from '../../tss-wasm/identity/roster.ts'
import type { CreateSchemeKey, CreateWallet, Engine, NewWallet, Progress } from '../../tss-wasm/worker/api.ts'
import type { Seat } from '../session/seat.ts'
import { unlessCancelled } from '../session/unlessCancelled.ts'
import type { ShareUnderWay } from './pendingSession.ts'
import type { NewShares } from './pendingShares.ts'

/** What the host gives to whoever makes a share. */
export interface ShareMaking {
  readonly startEngine: () => Engine
  readonly onStep?: (step: 'computing' | 'storing' | 'confirming') => void
  readonly onProgress?: (progress: Progress) => void
}

/** What whoever keeps it gives besides. */
export interface ShareKeeping<Kept> extends ShareMaking {
  readonly shares: NewShares<Kept>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface ShareToMake extends Pick<
  CreateWallet,
  'identity' | 'roster' | 'deadlineMs' | 'walletName' | 'sealing'
> {
  /** Of this installation. Asked for once the run is noted: pre-parameters serve once, however the run ends. */
  readonly material: () => Promise<Pick<CreateWallet, 'preParameters' | 'preParametersKey' | 'sealedIdentity'>>
}

/** The same by another scheme, which needs nothing that was made ahead. */
export interface SchemeShareToMake extends Omit<ShareToMake, 'material'>, Pick<CreateSchemeKey, 'key'> {}

/**
 * Our part of a new wallet, from when its run has started, for whoever created the session and whoever joined it: noted,
 * computed, stored durably, only then announced; a wallet only when everybody has confirmed (ARCHITECTURE 2.7). If it fails
 * the others are told why. Until our confirmation leaves nobody can count on our share; from then on it stays, pending, until
 * that is settled (settleShare.ts).
 * @param signal cancels while the share is computed
 * @returns the wallet as `shares` keeps it, active now
 * @throws ProtocolAbort
 */
export async function makeShare<Kept>(
  host: ShareKeeping<Kept>,
  seat: Seat,
  share: ShareToMake | SchemeShareToMake,
  signal: AbortSignal,
): Promise<Kept> {
  const { shares } = host
  const scheme = 'key' in share ? { key: share.key } : {}
  const { roster, walletName } = share
  try {
    const begun = shareBegun(seat, roster, host.now())
    await shares.note(begun)
    host.onStep?.('computing')
    using engine = host.startEngine() // one worker, terminated on exit
    const wallet = await compute(engine, host, seat, share, signal)
    const { walletId, confirmation } = wallet
    const made = { ...begun, walletId, confirmation }
    host.onStep?.('storing')
    const kept = await shares.store(made, { ...wallet, walletName, roster, ...scheme }) // durable first,
    host.onStep?.('confirming')
    await seat.confirm(confirmation, () => shares.markLeaving(made)) // only then announced,
    await shares.activate({ ...made, isLeaving: true }) // and a wallet once everybody has
    return kept
  } catch (error) {
    await seat.fail(failureIn(error)) // why, before we say that we never will
    throw error
  }
}

/**
 * The same for somebody who keeps the share elsewhere: it is given away and not kept, and the confirmation does not leave
 * here. Whoever has the share reports it with our join token once it is durable there.
 */
export async function makeShareFor<Given>(
  host: ShareMaking,
  seat: Seat,
  share: ShareToMake,
  giveAway: (wallet: NewWallet) => Promise<Given>,
  signal: AbortSignal,
): Promise<Given> {
  try {
    host.onStep?.('computing')
    using engine = host.startEngine()
    const given = await giveAway(await compute(engine, host, seat, share, signal))
    seat.leave()
    return given
  } catch (error) {
    await seat.fail(failureIn(error))
    throw error
  }
}

function shareBegun(seat: Seat, roster: Roster, nowMs: number): ShareUnderWay {
  const { me, sessionId, joinToken, expiresAtMs } = seat
  return {
    walletId: '',
    mySeat: me,
    sessionId,
    joinToken,
    roster: encodeRoster(roster),
    confirmation: new Uint8Array(),
    isLeaving: false,
    storedAtMs: nowMs,
    expiresAtMs,
  }
}

async function compute(
  engine: Engine,
  { onProgress }: ShareMaking,
  seat: Seat,
  toMake: ShareToMake | SchemeShareToMake,
  signal: AbortSignal,
): Promise<NewWallet> {
  const tell = (progress: Progress) => onProgress?.(progress)
  if ('key' in toMake)
    return unlessCancelled(signal, engine.createSchemeKey({ me: seat.me, ...toMake }, seat.channel, tell))
  const { material, ...share } = toMake
  const request = { me: seat.me, ...share, ...(await material()) }
  const computing = engine.createWallet(request, seat.channel, tell)
  return await unlessCancelled(signal, computing)
}
