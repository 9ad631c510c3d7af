import { refused } from '../failure.ts'
import { identityOfKeys, sealIdentity, unsealIdentityKeys, type PublicIdentity } from '../identity/identity.ts'
import { sameIdentity } from '../identity/roster.ts'
import { readBackup, writeBackup, writeBackupFor, type SeatLabel } from '../keyShare/backup.ts'
import { walletIdOf } from '../keyShare/keyShare.ts'
import { parseSaveData, writeSaveData } from '../keyShare/saveData.ts'
import { sealWallet, unsealWallet } from '../keyShare/seal.ts'
import type { Tools } from '../keyShare/tools.ts'
import { holding, unknownSeat, type Wallet } from '../keyShare/wallet.ts'
import type { RandomSource } from '../random.ts'
import type { PartyId } from '../partyId.ts'
import type { KeepOpened, KeptShare, MakeBackup, OpenedShare, SealedShare, Sealing, ShareSource } from './api.ts'

/** Shares that leave this device, or come to it, as files. Everything secret stays in the worker. */
export interface OpenedFile {
  readonly wallet: Wallet
  readonly shown: OpenedShare
}

/** @throws ProtocolAbort `refused`: the share does not open */
export async function makeBackup(request: MakeBackup): Promise<Uint8Array<ArrayBuffer>> {
  const { sealedShare, sealing, name, labels, nowMs, epochs, history, backupPassphrase, recipient } = request
  using held = holding(await unsealWallet(sealedShare, sealing))
  const backup = {
    ...{ madeAtMs: nowMs, labels, wallet: { ...held.wallet, name } },
    ...(epochs !== undefined && { epochs }),
    ...(history !== undefined && { history }),
  }
  if (recipient !== undefined) return await writeBackupFor(backup, recipient)
  if (backupPassphrase === undefined) throw new Error('a backup opens with something')
  return await writeBackup(backup, backupPassphrase)
}

/** @throws ProtocolAbort `refused`: the share does not open */
export async function exportSaveData(sealedShare: SealedShare, sealing: Sealing): Promise<Uint8Array<ArrayBuffer>> {
  using held = holding(await unsealWallet(sealedShare, sealing))
  return writeSaveData(held.wallet.share)
}

/** @throws ProtocolAbort `refused`, naming the check */
export async function openShareFile(source: ShareSource, tools: Tools): Promise<OpenedFile> {
  if (source.kind === 'save-data') {
    const share = await parseSaveData(source.file, source.threshold, tools)
    const seats = share.parties.map(() => unknownSeat)
    const wallet: Wallet = { name: '', createdAtMs: 0, epoch: 0, seats, share }
    return { wallet, shown: shownOf(wallet, seats.map(noLabel)) }
  }
  const { wallet, labels, madeAtMs, epochs, history } = await readBackup(source.file, source.passphrase, tools)
  await checkSeatKeys(wallet)
  const { name, createdAtMs } = wallet
  const backup = {
    ...{ name, createdAtMs, madeAtMs },
    ...(epochs !== undefined && { epochs }),
    ...(history !== undefined && { history }),
  }
  return { wallet, shown: { ...shownOf(wallet, labels), backup } }
}

/** Seals an opened share for this installation. @throws ProtocolAbort `refused` */
export async function keepOpened(
  opened: Wallet,
  { sealing, installationKey, adopting }: KeepOpened,
  random: RandomSource,
): Promise<KeptShare> {
  using held = holding(adopting === undefined ? opened : await adopted(opened, adopting, installationKey))
  const { wallet } = held
  const sealedShare = await sealWallet(wallet, sealing, random)
  if (adopting !== undefined || wallet.identity === undefined) return { sealedShare, sealedIdentity: undefined }
  const identity = await identityOfKeys(wallet.identity, { extractable: true })
  return { sealedShare, sealedIdentity: await sealIdentity(identity, installationKey, random) }
}

async function adopted(
  opened: Wallet,
  { name, nowMs, seats, sealedIdentity }: NonNullable<KeepOpened['adopting']>,
  installationKey: CryptoKey,
): Promise<Wallet> {
  if (seats.length !== opened.seats.length) throw new Error('every party has a seat')
  const known = { name, createdAtMs: nowMs, epoch: opened.epoch, seats, share: opened.share }
  if (sealedIdentity === undefined) return known
  const wallet = { ...known, identity: await unsealIdentityKeys(sealedIdentity, installationKey) }
  await checkSeatKeys(wallet)
  return wallet
}

/** Whoever restores must be able to be who the others have pinned; a file that says otherwise was tampered with. */
async function checkSeatKeys({ identity, seats, share }: Wallet): Promise<void> {
  if (identity === undefined) return
  const { public: ours } = await identityOfKeys(identity)
  if (!sameIdentity(ours, seats[share.index])) {
    throw refused('share-in-file', 'fails the check "identity belongs to its seat"')
  }
}

function shownOf({ share, seats, epoch, identity }: Wallet, labels: readonly SeatLabel[]): OpenedShare {
  const publicKey = share.publicKey.toBytes(true)
  return {
    walletId: walletIdOf(publicKey),
    publicKey,
    threshold: share.threshold,
    mySeat: (share.index + 1) as PartyId,
    epoch,
    seats: seats.map((seat: PublicIdentity, i) => ({ ...(labels[i] ?? noLabel()), ...seat })),
    hasIdentity: identity !== undefined,
  }
}

function noLabel(): SeatLabel {
  return { label: '' }
}
