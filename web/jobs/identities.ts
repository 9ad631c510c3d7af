import { bytesToHex } from '@noble/hashes/utils.js'
import { unsealIdentity, type Identity } from '../../tss-wasm/identity/identity.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import type { Ports } from './ports.ts'

/** By which the other holders know us in this wallet: a restored one brought its own, others have the installation's. */
export async function identityIn(
  ports: Pick<Ports, 'identity' | 'preParameters'>,
  { sealedIdentity }: WalletRecord,
): Promise<Identity> {
  if (sealedIdentity === undefined) return ports.identity.load()
  return unsealIdentity(sealedIdentity, await ports.preParameters.key())
}

/** Every identity that this installation answers to, each once. */
export async function allIdentities(ports: Ports): Promise<readonly Identity[]> {
  const restored = (await ports.shares.list()).filter(({ sealedIdentity }) => sealedIdentity !== undefined)
  const all = [ports.identity.load(), ...restored.map((wallet) => identityIn(ports, wallet))]
  const bySigningKey = new Map<string, Identity>()
  for (const identity of await Promise.all(all)) bySigningKey.set(bytesToHex(identity.public.signingKey), identity)
  return [...bySigningKey.values()]
}
