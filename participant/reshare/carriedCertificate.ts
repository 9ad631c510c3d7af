import { sameBytes } from '../../tss-wasm/bytes.ts'
import { certificateHash, verifyCertificate } from '../../tss-wasm/identity/certificate.ts'
import { refused } from '../../tss-wasm/failure.ts'
import { sameIdentity } from '../../tss-wasm/identity/roster.ts'
import { changed } from './settleEpochs.ts'
import {
  type CurrentEpoch,
  type EpochStore,
  nothingKnown,
  openAttempts,
  type StoredAttempt,
  type WalletEpochs,
} from './walletEpochs.ts'

/**
 * The certificate of the epoch in use, for whoever waits for it and cannot have it from the coordinator: it proves itself,
 * so it may travel as a file by any way (RESHARING 4.3, 3). Nothing secret. undefined before a wallet was ever reshared.
 */
export function certificateToCarry({ current, attempts }: WalletEpochs): Uint8Array | undefined {
  const begun = attempts.find(({ handover }) => handover.number === current?.number)
  return begun !== undefined && begun.certificate.length > 0 ? begun.certificate : undefined
}

/**
 * Takes a certificate that somebody carried here, for an attempt that this device waits in, or one that was made without
 * it: `settleEpochs` then does what follows from it.
 * @throws ProtocolAbort misbehaviour of nobody where it proves nothing, or does not follow from the epoch in use;
 * `refused`, `epoch` where this device is in no epoch, or in this one already, and waits in no such attempt
 */
export async function takeCertificate(
  store: Pick<EpochStore, 'read' | 'change'>,
  walletId: string,
  certificate: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const epochs = (await store.read(walletId)) ?? nothingKnown
  for (const { handover, from } of openAttempts(epochs)) {
    const { number } = handover
    const { begins } = await verifyCertificate(certificate, from)
    if (begins.number !== number) continue
    await store.change(walletId, (now) => changed(now, number, { certificate }))
    return
  }
  const { current } = epochs
  const isHere = current !== undefined && sameBytes(certificateHash(certificate), current.hash)
  if (current?.mySeat === undefined || isHere)
    throw refused('epoch', 'this device waits for no certificate, or not for this one')
  const heard = await heardOf(certificate, current)
  const { number } = heard.handover
  await store.change(walletId, (now) =>
    now.attempts.some((attempt) => attempt.handover.number === number)
      ? changed(now, number, { certificate })
      : { ...now, attempts: [...now.attempts, heard], highest: Math.max(now.highest, number) },
  )
}

/** An attempt that this device has had no part in, and that is over. */
async function heardOf(bytes: Uint8Array, current: CurrentEpoch): Promise<StoredAttempt> {
  const { certificate } = await verifyCertificate(bytes, current)
  const { handover, signature, approvals } = certificate
  const me = current.members.find(({ seat }) => seat === current.mySeat)?.identity
  return {
    ...{ sessionId: '', joinToken: '', expiresAtMs: 0, walletName: '', labels: [] },
    ...{ handover, signature, approvals, from: current, certificate: bytes },
    // Whose seat goes on and whose share is not here has lost it, and is not to leave for that.
    newSeat: handover.new.find(({ identity }) => me !== undefined && sameIdentity(me, identity))?.seat,
    ...{ report: new Uint8Array(), said: 'nothing', isHeard: false, abort: new Uint8Array() },
  }
}
