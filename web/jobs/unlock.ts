import { refused } from '../../tss-wasm/failure.ts'
import type { SealingPassphrase } from '../../tss-wasm/keyShare/seal.ts'
import type { Engine, Opening, SealedShare } from '../../tss-wasm/worker/api.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { unlessCancelled } from '../../participant/session/unlessCancelled.ts'
import { erasing } from './erasing.ts'
import type { Ports } from './ports.ts'

/** How a person opens this device's share for one job. */
export type Unlocking =
  /** UTF-8; handed to the worker, overwritten in any case. */
  | { readonly passphrase: Uint8Array<ArrayBuffer> }
  /** The wallet's passkey, which its authenticator is asked for. */
  | { readonly passkey: true }

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

/** @throws ProtocolAbort `cancelled`, or `refused`: there is none, or it was not used */
export async function shareKey(
  ports: Pick<Ports, 'passkeys'>,
  { walletId }: WalletRecord,
  unlocking: Unlocking,
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
  const sealed = await ports.shares.getShare(wallet.walletId)
  if (sealed === undefined) throw refused('share-missing', 'it is not in the storage of this device')
  const summary = await engine.checkShare(sealed, key.opening())
  if (summary.walletId !== wallet.walletId || summary.seat !== wallet.mySeat)
    throw refused('share', 'of another wallet')
  return sealed
}
