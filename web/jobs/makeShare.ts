import type { Seat } from '../../participant/session/seat.ts'
import { makeShare as makeShareOf } from '../../participant/share/makeShare.ts'
import { refused } from '../../tss-wasm/failure.ts'
import type { Identity } from '../../tss-wasm/identity/identity.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import type { Progress } from '../../tss-wasm/worker/api.ts'
import type { WalletRecord, WalletSeat } from '../platform/shareStore.ts'
import type { Watch } from './ceremony.ts'
import { newShares } from './newShares.ts'
import type { Ports } from './ports.ts'
import { settleSession } from './settlePending.ts'

export interface ShareToMake {
  readonly identity: Identity
  readonly roster: Roster
  readonly walletName: string
  readonly seats: readonly WalletSeat[]
  /** Overwritten by whoever gives it. */
  readonly passphrase: Uint8Array<ArrayBuffer>
}

/**
 * Our part of a new wallet on this device, told step by step to whoever watches. Other windows leave it alone meanwhile.
 * What a failure leaves behind that nobody can count on is gone when this throws.
 * @throws ProtocolAbort
 */
export async function makeShare(
  ports: Ports,
  seat: Seat,
  { identity, roster, walletName, seats, passphrase }: ShareToMake,
  watch: Watch,
  signal: AbortSignal,
): Promise<WalletRecord> {
  const host = {
    shares: newShares(ports, seats),
    startEngine: () => ports.startEngine(),
    now: () => ports.now(),
    onStep: (step: 'computing' | 'storing' | 'confirming') => {
      watch({ type: 'step', step })
    },
    onProgress: (progress: Progress) => {
      watch({ type: 'progress', progress })
    },
  }
  const share = {
    identity,
    roster,
    deadlineMs: ports.deadlines.roundMs,
    walletName,
    sealing: { kind: 'passphrase', passphrase } as const,
    material: () => materialOf(ports),
  }
  return ports.pending.hold(seat.sessionId, async () => {
    try {
      const record = await makeShareOf(host, seat, share, signal)
      return { ...record, state: 'active' }
    } catch (error) {
      await settleAfter(ports, seat.sessionId)
      throw error
    }
  })
}

/** @throws ProtocolAbort `refused`: another window was faster */
async function materialOf({ preParameters, identity }: Ports) {
  const preParametersKey = await preParameters.key()
  const sealedIdentity = await identity.sealed()
  const taken = await preParameters.take()
  if (taken === undefined) throw refused('pre-parameters-taken', 'taken by another window')
  return { preParameters: taken, preParametersKey, sealedIdentity }
}

/** Nothing stays that nobody can count on; if that cannot be done now, it is done when the app opens again. */
async function settleAfter(ports: Ports, sessionId: string): Promise<void> {
  try {
    const session = (await ports.pending.all()).find((each) => each.sessionId === sessionId)
    // What others may count on is not decided in a hurry.
    if (session?.isLeaving === false) await settleSession(ports, session)
  } catch {
    // the failure that we come from matters more
  }
}
