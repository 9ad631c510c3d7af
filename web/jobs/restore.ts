import { sameBytes } from '../../tss-wasm/bytes.ts'
import { refused } from '../../tss-wasm/failure.ts'
import type { PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import { visibleName } from '../../tss-wasm/identity/walletName.ts'
import { verifyCertificate } from '../../tss-wasm/identity/certificate.ts'
import { sameIdentity } from '../../tss-wasm/identity/roster.ts'
import { readShareFile } from '../../tss-wasm/keyShare/shareFile.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { decodeEpochs } from '../../participant/reshare/recordedEpochs.ts'
import { beginningOf, type WalletEpochs } from '../../participant/reshare/walletEpochs.ts'
import type { KeepOpened, OpenedShare, SealedShare, ShareSource } from '../../tss-wasm/worker/api.ts'
import type { WalletRecord, WalletSeat } from '../platform/shareStore.ts'
import { erasing } from './erasing.ts'
import type { Ports } from './ports.ts'

/**
 * A share from outside, validated completely, held by its worker until it is kept or disposed of. `here` says what this
 * device has of the same wallet: where it has anything, nothing can be kept and nothing is overwritten.
 */
export interface OpenedShareFile extends Disposable {
  readonly shown: OpenedShare
  readonly here: 'nothing' | 'same-share' | 'other-share' | 'newer-share' | 'left'
  /** When the shares of the wallet were last renewed, as far as this device knows; in milliseconds since 1970. */
  readonly renewedAtMs: number | undefined
  /** Seals the share with a new passphrase and stores it; once. @throws ProtocolAbort */
  keep(form: KeepForm): Promise<WalletRecord>
}

export interface KeepForm {
  /** For a share that came without a name. */
  readonly name?: string
  /** UTF-8. Handed to the worker, overwritten in any case. */
  readonly passphrase: Uint8Array<ArrayBuffer>
}

/** @throws ProtocolAbort `refused`: `backup: …` for the file, `key share: …` for what is in it */
export async function openShareFile(ports: Ports, source: ShareSource): Promise<OpenedShareFile> {
  using opening = new DisposableStack()
  const engine = opening.use(ports.startEngine())
  const shown = visiblyNamed(await engine.openShareFile(source))
  const { here, renewedAtMs } = await whatIsHere(ports, shown)
  const epochs = await epochsIn(shown)
  const open = opening.move() // from here on whoever has the result ends the worker
  return {
    shown,
    here,
    renewedAtMs,
    async keep({ name = '', passphrase: secret }) {
      using passphrase = erasing(secret)
      if (here !== 'nothing') throw refused('here-already', 'this device has a share of the wallet already')
      const sealing = { kind: 'passphrase', passphrase: passphrase.bytes } as const
      const adopting = shown.backup === undefined ? await adoptedBy(ports, shown, name) : undefined
      const installationKey = await ports.preParameters.key()
      const kept = await engine.keepOpened({ sealing, installationKey, ...(adopting && { adopting }) })
      const { sealedIdentity } = kept
      const record = { ...recordOf(shown, adopting), ...(sealedIdentity && { sealedIdentity }) }
      await removeLeftover(ports, record.walletId)
      await ports.shares.putPending(record, kept.sealedShare)
      if (epochs === undefined) await ports.shares.activate(record.walletId)
      else await beginIn(ports, record.walletId, epochs, kept.sealedShare)
      return (await ports.shares.list()).find(({ walletId }) => walletId === record.walletId) ?? assertStored()
    },
    [Symbol.dispose]() {
      open.dispose()
    },
  }
}

/**
 * What is known of the epoch of a share that was renewed; undefined for one that never was. A file of before this was written
 * down says the number only: its share signs, and is renewed once it has the certificate of another member.
 * @throws ProtocolAbort `refused` where the file says something else than its share, or its certificate proves nothing
 */
async function epochsIn({ epoch, publicKey, threshold, mySeat, seats, backup }: OpenedShare) {
  if (epoch === 0) return undefined
  const members = seats.map(({ signingKey, encryptionKey }, i) => ({
    seat: (i + 1) as PartyId,
    identity: { signingKey, encryptionKey },
  }))
  const bare = { publicKey, number: epoch, hash: new Uint8Array(32), threshold, members, mySeat }
  if (backup?.epochs === undefined) return { current: bare, attempts: [], unspoken: [], highest: epoch }
  try {
    const stated = decodeEpochs(backup.epochs)
    const begun = beginningOf(stated)
    if (begun === undefined) throw new Error('nothing began it')
    const { begins } = await verifyCertificate(begun.certificate, begun.from)
    const isOfShare =
      begins.number === epoch &&
      begins.threshold === threshold &&
      sameBytes(begins.publicKey, publicKey) &&
      begins.members.length === members.length &&
      begins.members.every((member, i) => sameIdentity(member.identity, members[i]?.identity))
    if (!isOfShare) throw new Error('of another share')
    return { ...stated, current: { ...begins, mySeat }, attempts: [begun] }
  } catch {
    throw refused('backup-foreign', 'its content is not well formed: epochs')
  }
}

/** Makes the stored share that of its epoch, and with that the wallet active, in one durable step. */
async function beginIn(
  { shares: { epochs: store } }: Pick<Ports, 'shares'>,
  walletId: string,
  epochs: WalletEpochs,
  share: SealedShare,
): Promise<void> {
  const number = epochs.current?.number ?? 0
  await store.putShare(walletId, number, share)
  await store.change(walletId, () => epochs)
  await store.eraseShare(walletId, 0)
}

function assertStored(): never {
  throw refused('storage-damaged', 'the wallet did not read back')
}

/** Whoever wrote the file named it. A name with something hidden in it is shown without: refusing would lose the share. */
function visiblyNamed(shown: OpenedShare): OpenedShare {
  const { seats, backup } = shown
  return {
    ...shown,
    seats: seats.map(({ name, ...seat }) => ({
      ...seat,
      label: visibleName(seat.label),
      ...(name !== undefined && { name: visibleName(name) }),
    })),
    ...(backup && { backup: { ...backup, name: visibleName(backup.name) } }),
  }
}

async function whatIsHere(ports: Ports, shown: OpenedShare): Promise<Pick<OpenedShareFile, 'here' | 'renewedAtMs'>> {
  const record = (await ports.shares.list()).find(({ walletId }) => walletId === shown.walletId)
  if (record === undefined || isLeftover(record)) return { here: 'nothing', renewedAtMs: undefined }
  return { here: await sharesHere(ports, shown, record), renewedAtMs: record.renewedAtMs }
}

async function sharesHere(ports: Ports, shown: OpenedShare, record: WalletRecord): Promise<OpenedShareFile['here']> {
  if (record.state === 'left') return 'left'
  const share = await ports.shares.getShare(record.walletId)
  if (share === undefined) return 'other-share' // whatever has become of it, nothing is put in its place
  const { seat, epoch } = readShareFile(share).header
  if (epoch > shown.epoch) return 'newer-share'
  const isSame = sameBytes(record.publicKey, shown.publicKey) && seat === shown.mySeat && epoch === shown.epoch
  return isSame ? 'same-share' : 'other-share'
}

/** Restoring stores, then activates; what was interrupted between never counted, and belongs to no session. */
function isLeftover({ state, sessionId }: WalletRecord): boolean {
  return state === 'pending' && sessionId === ''
}

async function removeLeftover(ports: Ports, walletId: string): Promise<void> {
  const record = (await ports.shares.list()).find((wallet) => wallet.walletId === walletId)
  if (record !== undefined && isLeftover(record)) await ports.shares.remove(walletId)
}

/** A share from elsewhere gets this installation's identity for its seat; whose the others are it does not say. */
async function adoptedBy(
  ports: Ports,
  { seats, mySeat }: OpenedShare,
  name: string,
): Promise<NonNullable<KeepOpened['adopting']>> {
  const mine = (await ports.identity.load()).public
  const identities: readonly PublicIdentity[] = seats.map((seat, i) => (i + 1 === mySeat ? mine : seat))
  return { name, nowMs: ports.now(), seats: identities, sealedIdentity: await ports.identity.sealed() }
}

function recordOf(shown: OpenedShare, adopting: KeepOpened['adopting']): WalletRecord {
  const { walletId, publicKey, threshold, mySeat, backup } = shown
  const seats: readonly WalletSeat[] = shown.seats.map((seat, i) => ({
    ...seat,
    ...adopting?.seats[i],
    seat: i + 1,
  }))
  return {
    walletId,
    name: backup?.name ?? adopting?.name ?? '',
    state: 'pending',
    sessionId: '',
    publicKey,
    threshold,
    mySeat,
    seats,
    createdAtMs: backup?.createdAtMs ?? adopting?.nowMs ?? 0,
  }
}
