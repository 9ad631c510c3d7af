import { refused } from '../../tss-wasm/failure.ts'
import type { Passkey, Passkeys } from '../platform/passkeys.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { erasing } from './erasing.ts'
import type { Ports } from './ports.ts'
import { openShare, passphraseKey } from './unlock.ts'

/**
 * Lets a new passkey open this device's share beside its passphrase. The passphrase is tried first, so that no passkey is
 * made in vain; the share stays as it is.
 * @param passphrase UTF-8; handed to the worker, overwritten in any case
 * @throws ProtocolAbort `refused`: a wrong passphrase; or an authenticator that cannot or was not used
 */
export async function addPasskey(
  ports: Ports,
  wallet: WalletRecord,
  passphrase: Uint8Array<ArrayBuffer>,
): Promise<Passkey> {
  using key = passphraseKey(passphrase)
  const { store, authenticator } = passkeysOf(ports)
  using engine = ports.startEngine()
  const sealedShare = await openShare(ports, engine, wallet, key)
  const { secret: bytes, ...credential } = await authenticator.create(wallet.name)
  using secret = erasing(bytes)
  const { walletId } = wallet
  const { credentialId } = credential
  try {
    const sealing = { kind: 'passphrase', passphrase } as const
    const wrapped = await engine.addPasskey({ sealedShare, sealing, credentialId, secret: secret.bytes })
    const passkey = { ...credential, walletId, wrapped, addedAtMs: ports.now() }
    await store.put(passkey)
    return passkey
  } catch (error) {
    await authenticator.forget(credentialId)
    throw error
  }
}

/** The passphrase opens the share as before. */
export async function removePasskey(ports: Pick<Ports, 'passkeys'>, walletId: string): Promise<void> {
  const { store, authenticator } = passkeysOf(ports)
  const passkey = await store.get(walletId)
  if (passkey === undefined) return
  await store.remove(walletId)
  await authenticator.forget(passkey.credentialId)
}

/** For a share that is gone from here: what opened it opens nothing any more. Best effort, as the share is what counts. */
export async function forgetPasskey(ports: Pick<Ports, 'passkeys'>, walletId: string): Promise<void> {
  if (ports.passkeys !== undefined) await Promise.allSettled([removePasskey(ports, walletId)])
}

function passkeysOf({ passkeys }: Pick<Ports, 'passkeys'>): Passkeys {
  if (passkeys === undefined) throw refused('passkey', 'none')
  return passkeys
}
