import { refused } from '../../tss-wasm/failure.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { erasing } from './erasing.ts'
import { forgetPasskey } from './passkey.ts'
import type { Ports } from './ports.ts'

export interface NewSecret {
  /** UTF-8. Both are handed to the worker and overwritten in any case. */
  readonly current: Uint8Array<ArrayBuffer>
  readonly next: Uint8Array<ArrayBuffer>
}

/**
 * Another passphrase for this device's share. The share stays what it is; copies of it elsewhere, such as backups, keep
 * the passphrase that they were made with. A passkey goes: it opens nothing any more, and has to be added again.
 * @throws ProtocolAbort `refused` for a wrong passphrase or a damaged share: the old passphrase holds then
 */
export async function changePassphrase(ports: Ports, { walletId }: WalletRecord, secrets: NewSecret): Promise<void> {
  using current = erasing(secrets.current)
  using next = erasing(secrets.next)
  const sealed = await ports.shares.getShare(walletId)
  if (sealed === undefined) throw refused('share-missing', 'it is not in the storage of this device')
  using engine = ports.startEngine()
  const resealed = await engine.reseal(
    sealed,
    { kind: 'passphrase', passphrase: current.bytes },
    { kind: 'passphrase', passphrase: next.bytes },
  )
  await ports.shares.replaceShare(walletId, sealed, resealed)
  // The new passphrase holds by now, whether what is left of the passkey could be removed or not.
  await forgetPasskey(ports, walletId)
}
