import type { Engine, SealedShare } from '../../tss-wasm/worker/api.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { unlessCancelled } from './ceremony.ts'
import { erasing } from './erasing.ts'
import { refused } from './failing.ts'
import type { Ports } from './ports.ts'

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
  using engine = ports.startEngine()
  await unlessCancelled(signal, openShare(ports, engine, wallet, passphrase))
}

/** The sealed share of a wallet, after the passphrase has been seen to open it. */
export async function openShare(
  ports: Ports,
  engine: Engine,
  wallet: WalletRecord,
  secret: Uint8Array<ArrayBuffer>,
): Promise<SealedShare> {
  using passphrase = erasing(secret)
  const sealed = await ports.shares.getShare(wallet.walletId)
  if (sealed === undefined) throw refused('share: missing')
  const summary = await engine.checkShare(sealed, { kind: 'passphrase', passphrase: passphrase.bytes })
  if (summary.walletId !== wallet.walletId || summary.seat !== wallet.mySeat) throw refused('share: of another wallet')
  return sealed
}
