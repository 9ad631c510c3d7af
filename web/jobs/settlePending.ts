import type { ShareUnderWay } from '../../participant/share/pendingSession.ts'
import { settleShare } from '../../participant/share/settleShare.ts'
import type { Failure } from '../../tss-wasm/failure.ts'
import { newShares } from './newShares.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { identityIn } from './identities.ts'
import { resharing } from './makeNewShare.ts'
import { forgetPasskey } from './passkey.ts'
import type { Ports } from './ports.ts'

/** A wallet that is still pending, and why: whom we wait for, or who has said that it never will be. */
export interface StillPending {
  readonly walletId: string
  readonly failure: Failure
}

/**
 * Finds out what became of every new wallet that an interruption left behind: active, gone, or still to be asked about. To
 * be called when the app opens and every now and then while something is pending. Ceremonies that are running, in whichever
 * window, are left alone.
 */
export async function settlePending(ports: Ports): Promise<readonly StillPending[]> {
  const left: StillPending[] = []
  for (const session of await ports.pending.all()) {
    if (await ports.pending.isHeld(session.sessionId)) continue
    const failure = await settleSession(ports, session)
    if (failure !== undefined) left.push({ walletId: session.walletId, failure })
  }
  for (const record of await ports.shares.list()) {
    const failure = record.epochs === undefined ? undefined : await settleNewShares(ports, record)
    if (failure !== undefined) left.push({ walletId: record.walletId, failure })
  }
  return left
}

/** What an interruption left of resharing. @returns why it still waits, if it does */
export async function settleNewShares(ports: Ports, record: WalletRecord): Promise<Failure | undefined> {
  const settled = await ports.coordinator.settleEpochs(
    {
      store: ports.shares.epochs,
      identity: await identityIn(ports, record),
      running: resharing,
      backupsUntil: 0,
    },
    record.walletId,
  )
  const isOther = settled.state === 'rest' && settled.epochs.current?.number !== record.epochs?.number
  if (isOther) await forgetPasskey(ports, record.walletId)
  if (settled.state === 'rest') await ports.coordinator.hearRetirements({ store: ports.shares.epochs }, record.walletId)
  return settled.state === 'waiting' ? settled.failure : undefined
}

/** @returns why it is still pending, if it is */
export async function settleSession(ports: Ports, session: ShareUnderWay): Promise<Failure | undefined> {
  const identity = await ports.identity.load()
  const { coordinator } = ports
  const verdict = await settleShare({ coordinator, shares: newShares(ports), identity, nowMs: ports.now() }, session)
  return verdict.state === 'wait' ? verdict.failure : undefined
}
