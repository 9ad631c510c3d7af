import { refused } from '../../tss-wasm/failure.ts'
import { signConfirmation } from '../../tss-wasm/identity/confirmation.ts'
import { handoverHash } from '../../tss-wasm/identity/handover.ts'
import { epochBefore } from '../../tss-wasm/identity/reshareAgreement.ts'
import type { ReshareProposal } from '../../tss-wasm/identity/reshareProposal.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import type { Dealing, Engine, Progress, Receiving } from '../../tss-wasm/worker/api.ts'
import { asAbort } from '../connection/failures.ts'
import type { Seat } from '../session/seat.ts'
import { changed, type EpochPorts, newsOf, settleEpochs, type Settled } from './settleEpochs.ts'
import { runName, type SeatLabel, type StoredAttempt, type WalletEpochs } from './walletEpochs.ts'

export interface TakingPart extends EpochPorts {
  readonly running: Set<string>
  readonly engine: Engine
  readonly deadlineMs: number
  readonly onProgress: (progress: Progress) => void
  /** Our part is done, and our new share durable, where we receive one: what follows is up to the others. */
  readonly onStored?: () => void
  readonly walletId: string
  /** Our share of the parent's epoch, where we deal. */
  readonly dealing: Dealing | undefined
  /** Where we receive. */
  readonly receiving: Receiving | undefined
  /** What the new members are called here, in their order. */
  readonly labels: readonly SeatLabel[]
}

/**
 * Our part in an attempt to reshare, from the start of its run to the certificate (RESHARING 4.3). What happens to our
 * shares is decided by `settleEpochs` alone, now and after any interruption: this function only computes, and stores before
 * anybody is told.
 * @param roster of the run that has started
 * @throws ProtocolAbort when the attempt ends before our new share is durable. The shares in use are as they were
 */
export async function takePartInReshare(ports: TakingPart, seat: Seat, roster: Roster): Promise<Settled> {
  const { proposal } = seat
  if (proposal.kind !== 'reshare') throw new Error('this session is for something else')
  const { store, walletId, running, engine, identity, deadlineMs, dealing, receiving } = ports
  const { number } = proposal
  const attempt = newAttempt(seat, proposal, ports.labels)
  const run = runName(walletId, number)
  let isStored = false as boolean // set while the engine works
  // Before it is written down: whoever settles meanwhile takes it for the leftover of a crash, and withdraws.
  running.add(run)
  try {
    await store.change(walletId, (now) => begun(now, attempt))
    await engine.reshare(
      {
        me: seat.me,
        identity,
        roster,
        deadlineMs,
        proposal: seat.proposalBytes,
        ...(dealing && { dealing }),
        ...(receiving && { receiving }),
      },
      seat.channel,
      ports.onProgress,
      async ({ sealedShare, report }) => {
        await store.putShare(walletId, number, sealedShare)
        await store.change(walletId, (now) => changed(now, number, { report }))
        isStored = true
      },
    )
  } catch (error) {
    // Once it is stored it is confirmed, whatever befell the others: they may have stored theirs.
    if (!isStored) {
      await seat.fail(asAbort(error).failure)
      throw error
    }
  } finally {
    running.delete(run)
    if (!isStored && receiving !== undefined) await settleEpochs(ports, walletId).catch(() => undefined)
  }

  ports.onStored?.()
  if (receiving === undefined) await reportDealt(ports, seat, roster, attempt)
  else await settleEpochs(ports, walletId) // confirms
  const news = await seat.untilReported((session) => newsOf(session, attempt)).catch(() => undefined)
  if (news !== undefined) await store.change(walletId, (now) => changed(now, number, news))
  return settleEpochs(ports, walletId)
}

function newAttempt(seat: Seat, proposal: ReshareProposal, labels: readonly SeatLabel[]): StoredAttempt {
  const { sessionId, joinToken, expiresAtMs, me } = seat
  return {
    sessionId,
    joinToken,
    expiresAtMs,
    walletName: proposal.walletName,
    labels,
    ...seat.handover(),
    from: epochBefore(proposal),
    newSeat: me <= proposal.parties ? me : undefined,
    report: new Uint8Array(),
    said: 'nothing',
    isHeard: false,
    certificate: new Uint8Array(),
    abort: new Uint8Array(),
  }
}

/** @throws ProtocolAbort `refused` for a number that was seen before: a second run is another attempt */
function begun(epochs: WalletEpochs, attempt: StoredAttempt): WalletEpochs {
  const { number } = attempt.handover
  if (number <= epochs.highest) throw refused('replayed-run', `attempt ${number} was taken part in before`)
  return { ...epochs, attempts: [...epochs.attempts, attempt], highest: number }
}

/** Whoever only deals has nothing to confirm; its word lets the session end. Not being heard harms nobody. */
async function reportDealt(
  { connection, identity }: EpochPorts,
  { me, sessionId, joinToken }: Seat,
  roster: Roster,
  { handover }: StoredAttempt,
): Promise<void> {
  const said = { seat: me, result: handoverHash(handover), transcriptHash: new Uint8Array(32) }
  const outcome = { case: 'confirmation', value: await signConfirmation(said, roster, identity) } as const
  await connection.persistently
    .call(
      (options) =>
        connection.sessions.reportCompletion(
          { sessionId, outcome },
          { ...options, headers: { authorization: `Bearer ${joinToken}` } },
        ),
      AbortSignal.timeout(sayingMs),
    )
    .catch(() => undefined)
}

const sayingMs = 10_000
