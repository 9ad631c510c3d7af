import { ProtocolAbort, refused } from '../../tss-wasm/failure.ts'
import type { SealingPassphrase } from '../../tss-wasm/keyShare/seal.ts'
import type { Engine, Opening, SealedShare, ShareSummary } from '../../tss-wasm/worker/api.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { unlessCancelled } from '../../participant/session/unlessCancelled.ts'
import { erasing } from './erasing.ts'
import { copyOf, openShareOf, type OpenShare } from './openShare.ts'
import type { Ports } from './ports.ts'

/** How a person opens this device's share: for one job, or for so long that others need not ask again. */
export type Unlocking =
  /** UTF-8; handed to the worker, overwritten in any case. */
  | { readonly passphrase: Uint8Array<ArrayBuffer>; readonly keepMs?: number }
  /** The wallet's passkey, which its authenticator is asked for. */
  | { readonly passkey: true; readonly keepMs?: number }
  /** It is open from an earlier job (unlockPeriods.ts). */
  | { readonly unlocked: true }

/** What opens a share, for as long as a job needs it; overwritten at the end of the scope. */
export interface ShareKey extends Disposable {
  /** A copy for one call of the engine, which takes it over. */
  opening(): Opening
}

/**
 * Tries whether the passphrase opens this device's share, without anybody else. The share is validated in the worker and
 * forgotten there.
 * @param passphrase UTF-8; handed to the worker, overwritten in any case
 * @throws ProtocolAbort `refused` for a wrong passphrase, a damaged share, or one that belongs to another wallet
 */
export async function unlock(
  ports: Ports,
  wallet: WalletRecord,
  passphrase: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<void> {
  using key = passphraseKey(passphrase)
  using engine = ports.startEngine()
  await unlessCancelled(signal, openShare(ports, engine, wallet, key))
}

/**
 * Opens this device's share for its person, who may have it kept open.
 * @throws ProtocolAbort `cancelled`, or `refused`: a wrong passphrase, a passkey that was not used, a share that is missing,
 * damaged or another wallet's, or `locked` where it is open no more
 */
export async function unlockShare(
  ports: Pick<Ports, 'shares' | 'passkeys' | 'unlocked'>,
  engine: Engine,
  wallet: WalletRecord,
  unlocking: Unlocking,
  signal: AbortSignal,
): Promise<OpenShare> {
  const stored = await storedShare(ports, wallet)
  if ('unlocked' in unlocking) {
    const kept = ports.unlocked.open(wallet.walletId, stored)
    if (kept === undefined) throw refused('locked', 'the time that it was unlocked for is over')
    return kept
  }
  using key = await shareKey(ports, wallet, unlocking, signal)
  const share = openShareOf(await sealedForThisPage(engine, stored, key.opening()))
  mustBeOf(wallet, await engine.checkShare(share.sealed, share.opening))
  if (signal.aborted) throw new ProtocolAbort({ kind: 'cancelled' })
  const { keepMs } = unlocking
  if (keepMs !== undefined) ports.unlocked.keep(wallet.walletId, { stored, share: copyOf(share) }, keepMs)
  return share
}

async function sealedForThisPage(engine: Engine, stored: SealedShare, opening: Opening) {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const sealing = { kind: 'key', key } as const
  return { sealed: await engine.reseal(stored, opening, sealing), opening: sealing }
}

/** @throws ProtocolAbort `cancelled`, or `refused`: there is none, or it was not used */
async function shareKey(
  ports: Pick<Ports, 'passkeys'>,
  { walletId }: WalletRecord,
  unlocking: Exclude<Unlocking, { readonly unlocked: true }>,
  signal: AbortSignal,
): Promise<ShareKey> {
  if ('passphrase' in unlocking) return passphraseKey(unlocking.passphrase)
  const passkey = await ports.passkeys?.store.get(walletId)
  if (ports.passkeys === undefined || passkey === undefined) throw refused('passkey', 'none')
  const { credentialId, wrapped } = passkey
  const secret = await ports.passkeys.authenticator.secretOf(passkey, signal)
  return {
    opening: () => ({ kind: 'passkey', secret: secret.slice(), credentialId, wrapped }),
    [Symbol.dispose]() {
      secret.fill(0)
    },
  }
}

/** A passphrase closes a share as well. */
export interface PassphraseKey extends ShareKey {
  /** A copy for one call of the engine, which takes it over. */
  sealing(): SealingPassphrase
}

export function passphraseKey(secret: Uint8Array<ArrayBuffer>): PassphraseKey {
  const { bytes, [Symbol.dispose]: dispose } = erasing(secret)
  const copy = () => ({ kind: 'passphrase', passphrase: bytes.slice() }) as const
  return {
    opening: copy,
    sealing: copy,
    [Symbol.dispose]: dispose,
  }
}

/** The sealed share of a wallet, after the key has been seen to open it. */
export async function openShare(
  ports: Pick<Ports, 'shares'>,
  engine: Engine,
  wallet: WalletRecord,
  key: ShareKey,
): Promise<SealedShare> {
  const sealed = await storedShare(ports, wallet)
  mustBeOf(wallet, await engine.checkShare(sealed, key.opening()))
  return sealed
}

async function storedShare({ shares }: Pick<Ports, 'shares'>, { walletId }: WalletRecord): Promise<SealedShare> {
  const sealed = await shares.getShare(walletId)
  if (sealed === undefined) throw refused('share-missing', 'it is not in the storage of this device')
  return sealed
}

function mustBeOf({ walletId, mySeat }: WalletRecord, summary: ShareSummary): void {
  if (summary.walletId !== walletId || summary.seat !== mySeat) throw refused('share', 'of another wallet')
}
