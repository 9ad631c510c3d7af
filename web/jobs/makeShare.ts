import type { Seat } from '../../participant/session/seat.ts'
import { refused } from '../../tss-wasm/failure.ts'
import type { Identity } from '../../tss-wasm/identity/identity.ts'
import { encodeRoster, type Roster } from '../../tss-wasm/identity/roster.ts'
import type { SessionUnderWay } from '../platform/pendingStore.ts'
import type { WalletRecord, WalletSeat } from '../platform/shareStore.ts'
import { unlessCancelled, type Watch } from './ceremony.ts'
import { failureOf } from './failing.ts'
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
 * Our part of a new wallet, for whoever created the session and whoever joined it. Stored durably first, only then
 * announced; a wallet only when everybody has confirmed (ARCHITECTURE 2.7). Until our own confirmation leaves, a failure
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
  const session: SessionUnderWay = {
    walletId: '',
    mySeat: seat.me,
    sessionId: seat.sessionId,
    joinToken: seat.joinToken,
    roster: encodeRoster(roster),
    confirmation: new Uint8Array(),
    isLeaving: false,
    storedAtMs: ports.now(),
    expiresAtMs: seat.expiresAtMs,
  }
  return ports.pending.hold(seat.sessionId, async () => {
    await ports.pending.put(session)
    try {
      return await compute()
    } catch (error) {
      await seat.fail(failureOf(error)) // why, before we say that we never will
      await settleAfter(ports, seat.sessionId)
      throw error
    }
  })

  async function compute(): Promise<WalletRecord> {
    watch({ type: 'step', step: 'computing' })
    using engine = ports.startEngine() // one worker, terminated on exit
    const preParametersKey = await ports.preParameters.key()
    const sealedIdentity = await ports.identity.sealed()
    const preParameters = await ports.preParameters.take()
    if (preParameters === undefined) throw refused('pre-parameters-taken', 'taken by another window')
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
          sealedIdentity,
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
    await ports.pending.put({ ...session, walletId, confirmation })
    await ports.shares.putPending(record, wallet.sealedShare) // durable first,

    watch({ type: 'step', step: 'confirming' })
    await seat.confirm(confirmation, () => ports.pending.markLeaving(seat.sessionId)) // only then announced
    await ports.shares.activate(walletId)
    await ports.pending.remove(seat.sessionId)
    return { ...record, state: 'active' }
  }
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
