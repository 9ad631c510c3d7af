import { verifyCertificate } from '../../tss-wasm/identity/certificate.ts'
import { refused } from '../../tss-wasm/failure.ts'
import { changed } from './settleEpochs.ts'
import { type EpochStore, openAttempts, type WalletEpochs } from './walletEpochs.ts'

/**
 * The certificate of the epoch in use, for whoever waits for it and cannot have it from the coordinator: it proves itself,
 * so it may travel as a file by any way (RESHARING 4.3, 3). Nothing secret. undefined before a wallet was ever reshared.
 */
export function certificateToCarry({ current, attempts }: WalletEpochs): Uint8Array | undefined {
  const begun = attempts.find(({ handover }) => handover.number === current?.number)
  return begun !== undefined && begun.certificate.length > 0 ? begun.certificate : undefined
}

/**
 * Takes a certificate that somebody carried here, for an attempt that this device waits in: `settleEpochs` then does what
 * follows from it.
 * @throws ProtocolAbort misbehaviour of nobody where it proves nothing; `refused`, `epoch` where no open attempt is meant
 */
export async function takeCertificate(
  store: Pick<EpochStore, 'read' | 'change'>,
  walletId: string,
  certificate: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const epochs = await store.read(walletId)
  for (const { handover, from } of epochs === undefined ? [] : openAttempts(epochs)) {
    const { number } = handover
    const { begins } = await verifyCertificate(certificate, from)
    if (begins.number !== number) continue
    await store.change(walletId, (now) => changed(now, number, { certificate }))
    return
  }
  throw refused('epoch', 'this device waits for no certificate, or not for this one')
}
