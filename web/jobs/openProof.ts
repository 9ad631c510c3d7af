import { takeCertificate } from '../../participant/reshare/carriedCertificate.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import type { Ports } from './ports.ts'
import { settleNewShares } from './settlePending.ts'

/**
 * Opens what another member has sent to say that the shares were renewed. Where it stands up to its checks, this device
 * follows: to its new share, or out of the wallet, its old share erased.
 * @throws ProtocolAbort for a file that is none, or that does not follow from the shares here: nothing is changed then
 */
export async function openProof(
  ports: Ports,
  { walletId }: WalletRecord,
  file: Uint8Array<ArrayBuffer>,
): Promise<void> {
  await takeCertificate(ports.shares.epochs, walletId, file)
  const record = (await ports.shares.list()).find((wallet) => wallet.walletId === walletId)
  if (record !== undefined) await settleNewShares(ports, record)
}
