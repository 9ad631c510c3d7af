import { sameBytes } from '../../tss-wasm/bytes.ts'
import { refused } from '../../tss-wasm/failure.ts'
import { sameIdentity } from '../../tss-wasm/identity/roster.ts'
import { readShareFile } from '../../tss-wasm/keyShare/shareFile.ts'
import type { OpenedShare } from '../../tss-wasm/worker/api.ts'
import { epochsToKeep } from '../platform/walletEpochs.ts'
import { labelOf } from '../platform/seatLabel.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { erasing } from './erasing.ts'
import type { Ports } from './ports.ts'
import { openShare, passphraseKey } from './unlock.ts'

/** UTF-8. Handed to the worker, overwritten in any case. */
type Passphrase = Uint8Array<ArrayBuffer>

/**
 * An age file with this device's share, made in the worker, and with what this device knows of the wallet's history.
 * @param backupPassphrase what the file will open with; by itself, without this device
 * @param history as `historyForBackup` wrote it
 * @throws ProtocolAbort `refused` for a wrong passphrase or a damaged share
 */
export async function makeBackup(
  ports: Ports,
  wallet: WalletRecord,
  passphrase: Passphrase,
  backupPassphrase: Passphrase,
  history?: string,
): Promise<Uint8Array<ArrayBuffer>> {
  using key = passphraseKey(passphrase)
  using theirs = erasing(backupPassphrase)
  using engine = ports.startEngine()
  const sealedShare = await openShare(ports, engine, wallet, key)
  return await engine.makeBackup({
    sealedShare,
    sealing: { kind: 'passphrase', passphrase },
    name: wallet.name,
    labels: wallet.seats.map(labelOf),
    nowMs: ports.now(),
    ...epochsToKeep(wallet),
    ...(history !== undefined && { history }),
    backupPassphrase: theirs.bytes,
  })
}

/** This device's share as tss-lib stores it, not encrypted. @throws ProtocolAbort `refused` */
export async function exportSaveData(
  ports: Ports,
  wallet: WalletRecord,
  passphrase: Passphrase,
): Promise<Uint8Array<ArrayBuffer>> {
  using key = passphraseKey(passphrase)
  using engine = ports.startEngine()
  const sealedShare = await openShare(ports, engine, wallet, key)
  return await engine.exportSaveData(sealedShare, { kind: 'passphrase', passphrase })
}

export interface CheckedBackup {
  readonly madeAtMs: number
  /** Whether a device that restores it can sign with the others, who know this seat's identity. */
  readonly hasIdentity: boolean
}

/**
 * The restore drill: opens a backup and validates all of it, as restoring would, and holds it against the wallet here.
 * Changes nothing.
 * @throws ProtocolAbort `refused`, naming the first thing that does not fit
 */
export async function checkBackup(
  ports: Ports,
  wallet: WalletRecord,
  file: Uint8Array,
  passphrase: Passphrase,
): Promise<CheckedBackup> {
  using secret = erasing(passphrase)
  using engine = ports.startEngine()
  const opened = await engine.openShareFile({ kind: 'backup', file, passphrase: secret.bytes })
  const misfit = misfitOf(opened, wallet, await ports.shares.getShare(wallet.walletId))
  if (misfit !== undefined) throw refused('backup-of-another', misfit)
  return { madeAtMs: opened.backup?.madeAtMs ?? 0, hasIdentity: opened.hasIdentity }
}

function misfitOf(opened: OpenedShare, wallet: WalletRecord, share: Uint8Array | undefined): string | undefined {
  if (!sameBytes(opened.publicKey, wallet.publicKey)) return 'of another wallet'
  if (opened.mySeat !== wallet.mySeat) return `of another share of this wallet (number ${opened.mySeat})`
  if (opened.threshold !== wallet.threshold) return 'of another share of this wallet (other threshold)'
  if (share !== undefined && readShareFile(share).header.epoch !== opened.epoch)
    return 'of another share of this wallet (from before, or after, its shares were renewed)'
  const samePeople = opened.seats.every((seat, i) => sameIdentity(seat, wallet.seats[i]))
  return samePeople ? undefined : 'names other holders than this wallet has'
}
