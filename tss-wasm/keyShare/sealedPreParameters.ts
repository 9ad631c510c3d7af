import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { sameBytes } from '../bytes.ts'
import type { PreParameters } from '../crypto/types.ts'
import { refused } from '../failure.ts'
import type { RandomSource } from '../random.ts'
import { parsePreParameters, writePreParameters } from './saveData.ts'
import type { Tools } from './tools.ts'

/** Pre-parameters encrypted under a key of this installation; used once, then removed. */
export type SealedPreParameters = Uint8Array<ArrayBuffer> & { readonly brand: 'SealedPreParameters' }

const header = new Uint8Array(utf8ToBytes('quorate-preparameters\0\x01'))
const nonceLength = 12

/** header with version ‖ nonce ‖ AES-256-GCM of the pre-parameters in tss-lib's JSON, the header as additional data. */
export async function sealPreParameters(
  parameters: PreParameters,
  key: CryptoKey,
  random: RandomSource,
): Promise<SealedPreParameters> {
  const plain = writePreParameters(parameters)
  const iv = random(nonceLength)
  const ciphertext = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: header }, key, plain)
  plain.fill(0)
  return new Uint8Array(concatBytes(header, iv, new Uint8Array(ciphertext))) as SealedPreParameters
}

/** Decrypts and validates. @throws ProtocolAbort `refused` */
export async function unsealPreParameters(sealed: Uint8Array, key: CryptoKey, tools: Tools): Promise<PreParameters> {
  if (!sameBytes(sealed.subarray(0, header.length), header))
    throw refused('pre-parameters', 'these are no pre-parameters we know')
  const iv = new Uint8Array(sealed.subarray(header.length, header.length + nonceLength))
  const ciphertext = new Uint8Array(sealed.subarray(header.length + nonceLength))
  let plain: Uint8Array<ArrayBuffer>
  try {
    plain = new Uint8Array(
      await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: header }, key, ciphertext),
    )
  } catch {
    throw refused('pre-parameters', 'the pre-parameters are damaged, or sealed under another key')
  }
  try {
    return await parsePreParameters(plain, tools)
  } finally {
    plain.fill(0)
  }
}
