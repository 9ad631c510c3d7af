import { ageIdentity, ageRecipient, newAgeKey } from '../../tss-wasm/guardians/ageKey.ts'
import { joinPieces, splitSecret } from '../../tss-wasm/guardians/slip39.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import { epochsToKeep } from '../platform/walletEpochs.ts'
import { labelOf } from '../platform/seatLabel.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import type { Ports } from './ports.ts'
import { openShare, passphraseKey } from './unlock.ts'

/** A key of which each guardian gets a piece, and this device's share sealed to it (RESHARING 4.8). */
export interface GuardedShare {
  /** One for each guardian, of words. Shown once, and kept nowhere. */
  readonly pieces: readonly string[]
  /** Of age: new files are sealed to it, without the guardians. */
  readonly recipient: string
  readonly file: Uint8Array<ArrayBuffer>
}

/**
 * @param needed k: so many of the guardians open the file
 * @param passphrase UTF-8, of the wallet; overwritten in any case
 * @throws ProtocolAbort `refused`: the share does not open
 */
export async function guardShare(
  ports: Ports,
  wallet: WalletRecord,
  { needed, guardians }: { readonly needed: number; readonly guardians: number },
  passphrase: Uint8Array<ArrayBuffer>,
): Promise<GuardedShare> {
  const key = newAgeKey(systemRandom)
  try {
    const recipient = await ageRecipient(key)
    const file = await sealForGuardians(ports, wallet, recipient, passphrase)
    return { recipient, file, pieces: splitSecret(key, { k: needed, n: guardians }, systemRandom) }
  } finally {
    key.fill(0)
  }
}

/** The share of now for the guardians of before, who need not be there. @throws ProtocolAbort `refused` */
export async function sealForGuardians(
  ports: Ports,
  wallet: WalletRecord,
  recipient: string,
  passphrase: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  using key = passphraseKey(passphrase)
  using engine = ports.startEngine()
  const sealedShare = await openShare(ports, engine, wallet, key)
  return await engine.makeBackup({
    ...{
      sealedShare,
      sealing: key.sealing(),
      name: wallet.name,
      labels: wallet.seats.map(labelOf),
      nowMs: ports.now(),
    },
    ...epochsToKeep(wallet),
    recipient,
  })
}

/** What opens the file of guardians, as a passphrase opens a backup: UTF-8. @throws PieceError */
export function keyFromPieces(pieces: readonly string[]): Uint8Array<ArrayBuffer> {
  const key = joinPieces(pieces)
  try {
    return new TextEncoder().encode(ageIdentity(key))
  } finally {
    key.fill(0)
  }
}
