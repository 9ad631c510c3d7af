import type { PinnedParty } from '../../proto/client/serverParties.ts'
import type { PartyId } from '../../tss-wasm/round/channel.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { inSeat, seatsOf, start, takeSeat, unlessCancelled, type Watch } from './ceremony.ts'
import { erasing } from './erasing.ts'
import { refused } from './failing.ts'
import type { Ports } from './ports.ts'

export interface NewWalletForm {
  readonly name: string
  /** t: how many parties sign. */
  readonly threshold: number
  /** Seats 2 to n; seat 1 is ours. */
  readonly serverParties: readonly PinnedParty[]
  /** UTF-8. Handed to the worker, overwritten in any case. */
  readonly passphrase: Uint8Array<ArrayBuffer>
}

const mySeat = 1 as PartyId

/**
 * Creates a wallet together with server parties. Stored durably first, only then announced; shown as a wallet only when
 * everybody has confirmed (architecture.md 2.7). Until our own confirmation leaves, a failure leaves nothing behind.
 * From then on the others may hold a wallet that counts on our share, so it stays, as pending, until a person decides.
 * @throws ProtocolAbort
 */
export async function createWallet(
  ports: Ports,
  form: NewWalletForm,
  watch: Watch,
  signal: AbortSignal,
): Promise<WalletRecord> {
  using passphrase = erasing(form.passphrase)
  watch({ type: 'step', step: 'preparing' })
  const identity = await unlessCancelled(signal, ports.identity.load())
  await unlessCancelled(signal, ports.preparation.ready())

  watch({ type: 'step', step: 'joining' })
  const proposal = {
    kind: 'keygen',
    walletName: form.name,
    threshold: form.threshold,
    parties: 1 + form.serverParties.length,
    curve: 'secp256k1',
  } as const
  const others = form.serverParties.map(({ name, identity }, i) => ({
    seat: (2 + i) as PartyId,
    serverParty: name,
    pinned: identity,
  }))
  const opening = ports.coordinator.create({ identity, proposal, threshold: form.threshold, mySeat, others })
  await using seat = await takeSeat(signal, opening) // leaves the session, however we exit

  return await inSeat(seat, async () => {
    const roster = await unlessCancelled(signal, start(ports, seat, seatsOf(others), watch))

    watch({ type: 'step', step: 'computing' })
    using engine = ports.startEngine() // one worker, terminated on exit
    const preParametersKey = await ports.preParameters.key()
    const preParameters = await ports.preParameters.take()
    if (preParameters === undefined) throw refused('pre-parameters: taken by another window')
    const wallet = await unlessCancelled(
      signal,
      engine.createWallet(
        {
          me: mySeat,
          identity,
          roster,
          deadlineMs: ports.deadlines.roundMs,
          walletName: form.name,
          preParameters,
          preParametersKey,
          sealing: { kind: 'passphrase', passphrase: passphrase.bytes },
        },
        seat.channel,
        (progress) => {
          watch({ type: 'progress', progress })
        },
      ),
    )

    watch({ type: 'step', step: 'storing' })
    const record: WalletRecord = {
      walletId: wallet.walletId,
      name: form.name,
      state: 'pending',
      sessionId: seat.sessionId,
      publicKey: wallet.publicKey,
      threshold: form.threshold,
      mySeat,
      seats: walletSeats(roster, form),
      createdAtMs: ports.now(),
    }
    await ports.shares.putPending(record, wallet.sealedShare) // durable first,

    watch({ type: 'step', step: 'confirming' })
    await seat.confirm(wallet.confirmation) // only then announced; returns once all have
    await ports.shares.activate(wallet.walletId)
    return { ...record, state: 'active' }
  })
}

function walletSeats(roster: Roster, form: NewWalletForm): WalletRecord['seats'] {
  return roster.seats.map(({ seat, identity: { signingKey, encryptionKey } }) => {
    const serverParty = form.serverParties[seat - 2]?.name
    const known = { seat, signingKey, encryptionKey }
    return serverParty === undefined ? { ...known, label: form.name } : { ...known, label: serverParty, serverParty }
  })
}
