import type { Seat } from '../../proto/client/client.ts'
import type { PendingSession } from '../../proto/client/settle.ts'
import type { Identity } from '../../tss-wasm/identity/identity.ts'
import { encodeRoster, type Roster } from '../../tss-wasm/identity/roster.ts'
import type { WalletRecord, WalletSeat } from '../platform/shareStore.ts'
import { unlessCancelled, type Watch } from './ceremony.ts'
import { refused } from './failing.ts'
import type { Ports } from './ports.ts'
import { settleWallet } from './settlePending.ts'

export interface ShareToMake {
  readonly identity: Identity
  readonly roster: Roster
  readonly walletName: string
  readonly seats: readonly WalletSeat[]
  /** Overwritten by whoever gives it. */
  readonly passphrase: Uint8Array<ArrayBuffer>
}

/**
 * Our part of a new wallet, for whoever created the session and whoever joined it. Stored durably first, only then
 * announced; a wallet only when everybody has confirmed (architecture.md 2.7). Until our own confirmation leaves, a failure
 * leaves nothing behind; from then on the others may count on our share, so it stays, pending, until that is settled.
 * @throws ProtocolAbort
 */
export async function makeShare(
  ports: Ports,
  seat: Seat,
  { identity, roster, walletName, seats, passphrase }: ShareToMake,
  watch: Watch,
  signal: AbortSignal,
): Promise<WalletRecord> {
  watch({ type: 'step', step: 'computing' })
  using engine = ports.startEngine() // one worker, terminated on exit
  const preParametersKey = await ports.preParameters.key()
  const preParameters = await ports.preParameters.take()
  if (preParameters === undefined) throw refused('pre-parameters: taken by another window')
  const wallet = await unlessCancelled(
    signal,
    engine.createWallet(
      {
        me: seat.me,
        identity,
        roster,
        deadlineMs: ports.deadlines.roundMs,
        walletName,
        preParameters,
        preParametersKey,
        sealing: { kind: 'passphrase', passphrase },
      },
      seat.channel,
      (progress) => {
        watch({ type: 'progress', progress })
      },
    ),
  )

  watch({ type: 'step', step: 'storing' })
  const { walletId, publicKey, confirmation } = wallet
  const record: WalletRecord = {
    walletId,
    name: walletName,
    state: 'pending',
    sessionId: seat.sessionId,
    publicKey,
    threshold: roster.threshold,
    mySeat: seat.me,
    seats,
    createdAtMs: ports.now(),
  }
  const session: PendingSession = {
    sessionId: seat.sessionId,
    joinToken: seat.joinToken,
    roster: encodeRoster(roster),
    confirmation,
    isLeaving: false,
    storedAtMs: ports.now(),
    expiresAtMs: seat.expiresAtMs,
  }
  await ports.pending.put(walletId, session)
  await ports.shares.putPending(record, wallet.sealedShare) // durable first,

  watch({ type: 'step', step: 'confirming' })
  try {
    await seat.confirm(confirmation, () => ports.pending.markLeaving(walletId)) // only then announced
  } catch (error) {
    await settleAfter(ports, walletId)
    throw error
  }
  await ports.shares.activate(walletId)
  await ports.pending.remove(walletId)
  return { ...record, state: 'active' }
}

/** Nothing stays that nobody can count on; if that cannot be done now, it is done when the app opens again. */
async function settleAfter(ports: Ports, walletId: string): Promise<void> {
  try {
    const session = (await ports.pending.all()).get(walletId)
    // While we may still be in it, the session's outcome is its own: only what has never left is cleared away at once.
    if (session?.isLeaving === false) await settleWallet(ports, walletId, session)
  } catch {
    // the failure that we come from matters more
  }
}
