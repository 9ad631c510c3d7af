import { EIP2335Keystore } from 'micro-eth-signer/keystore.js'
import { encodeScalar } from '../groups/group.ts'
import { entry } from '../protocols/members.ts'
import type { RandomSource } from '../random.ts'
import type { BlsKeyShare } from './bls.ts'

/**
 * One share of a BLS key as an EIP-2335 keystore (version 4, scrypt, no path), which is how distributed validators keep
 * theirs. Its public key is the share's own. The password is normalised as the EIP says, and stays a string in memory.
 * @returns JSON
 * @throws RangeError for an empty password
 */
export function shareKeystore(share: BlsKeyShare, password: string, random: RandomSource): string {
  if (password.length === 0) throw new RangeError('a keystore has a password')
  const { publicShare } = entry(share.parties, share.index)
  const secret = encodeScalar(share.suite.group, share.secret.reveal())
  const keystore = new EIP2335Keystore(password, 'scrypt', (length) => random(length))
  try {
    const what = `Share ${share.index + 1} of ${share.parties.length}; ${share.threshold} sign`
    return JSON.stringify(keystore.create(secret, '', what, publicShare.toBytes(true)))
  } finally {
    keystore.clean()
    secret.fill(0)
  }
}
