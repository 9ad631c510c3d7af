import type { Seat } from '../../participant/session/seat.ts'
import type { Settled } from '../../participant/reshare/settleEpochs.ts'
import { ProtocolAbort, refused } from '../../tss-wasm/failure.ts'
import type { Identity } from '../../tss-wasm/identity/identity.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import { walletIdOf } from '../../tss-wasm/keyShare/keyShare.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Dealing, Engine, Sealing } from '../../tss-wasm/worker/api.ts'
import { labelOf } from '../platform/seatLabel.ts'
import type { WalletRecord, WalletSeat } from '../platform/shareStore.ts'
import { unlessCancelled } from '../../participant/session/unlessCancelled.ts'
import type { Watch } from './ceremony.ts'
import { forgetPasskey } from './passkey.ts'
import type { Ports } from './ports.ts'

export interface NewShare {
  readonly identity: Identity
  readonly roster: Roster
  /** Of a restored wallet; the installation's otherwise. */
  readonly sealedIdentity?: Uint8Array | undefined
  readonly engine: Engine
  readonly walletName: string
  readonly createdAtMs: number
  /** Where we hold a share already. */
  readonly dealing?: Dealing
  /** Where we receive one. */
  readonly sealing: Sealing | undefined
  /** Everybody in the session, as they are called here. */
  readonly members: readonly WalletSeat[]
}

/** Attempts whose runs go on in this window. */
export const resharing = new Set<string>()

/**
 * Our part of resharing, for whoever proposed it and whoever joined it, once it has started: participant/reshare decides
 * what becomes of the shares.
 * @returns the wallet as it is then
 * @throws ProtocolAbort when it has come to nothing, or waits for others: the shares in use sign as before
 */
export async function makeNewShare(
  ports: Ports,
  seat: Seat,
  { identity, roster, sealedIdentity, engine, walletName, createdAtMs, dealing, sealing, members }: NewShare,
  watch: Watch,
  signal: AbortSignal,
): Promise<WalletRecord> {
  const { proposal } = seat
  if (proposal.kind !== 'reshare') throw refused('invitation-unreadable', 'not to a wallet that is reshared')
  watch({ type: 'step', step: 'computing' })
  const preParameters = sealing && (await ports.preParameters.take())
  if (sealing !== undefined && preParameters === undefined)
    throw refused('pre-parameters-taken', 'taken by another window')
  const settled = await unlessCancelled(
    signal,
    ports.coordinator.reshare(
      {
        store: ports.shares.epochs,
        identity,
        running: resharing,
        backupsUntil: 0,
        engine,
        walletId: walletIdOf(proposal.publicKey),
        deadlineMs: ports.deadlines.roundMs,
        onProgress: (progress) => {
          watch({ type: 'progress', progress })
        },
        onStored: () => {
          watch({ type: 'step', step: 'confirming' })
        },
        labels: members.slice(0, proposal.parties).map(labelOf),
        dealing,
        receiving:
          sealing === undefined || preParameters === undefined
            ? undefined
            : {
                walletName,
                createdAtMs,
                preParameters,
                preParametersKey: await ports.preParameters.key(),
                sealedIdentity: sealedIdentity ?? (await ports.identity.sealed()),
                sealing,
              },
      },
      seat,
      roster,
    ),
  )
  const record = await walletAfter(ports, proposal, settled)
  await forgetPasskey(ports, record.walletId)
  return record
}

async function walletAfter(
  { shares }: Pick<Ports, 'shares'>,
  { publicKey, number }: { readonly publicKey: Uint8Array; readonly number: number },
  settled: Settled,
): Promise<WalletRecord> {
  const record = (await shares.list()).find(({ walletId }) => walletId === walletIdOf(publicKey))
  if (record?.epochs?.number === number && record.epochs.place !== 'joining') return record
  throw new ProtocolAbort(
    settled.state === 'waiting' && settled.failure !== undefined
      ? settled.failure
      : { kind: 'peer-gave-up', peer: 1 as PartyId, why: 'withdrawn', detail: 'the attempt has come to nothing' },
  )
}
