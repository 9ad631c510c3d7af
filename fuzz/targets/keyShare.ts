import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { readFileSync } from 'node:fs'
import { decryptWithPassphrase, encryptWithPassphrase } from '../../tss-wasm/keyShare/ageFile.ts'
import { parseIntegerJson } from '../../tss-wasm/keyShare/integerJson.ts'
import { readSaveData } from '../../tss-wasm/keyShare/saveData.ts'
import { readShareFile, writeShareFile } from '../../tss-wasm/keyShare/shareFile.ts'
import { accepts, acceptsLater, promise, text, utf8, type Target } from '../target.ts'

const fixture = (path: string): Uint8Array =>
  readFileSync(new URL(`../../tss-wasm/test/fixtures/${path}`, import.meta.url))

/** The file around a share; the checksum, which protects against nobody, is made right again. */
export const shareFile: Target = {
  name: 'share-file',
  seeds: () => ['sealed/v1-key.bin', 'sealed/v1-passphrase.bin'].map((path) => fixture(path).subarray(0, -32)),
  read: (content) =>
    accepts(() => {
      const bytes = concatBytes(content, sha256(content))
      promise(Buffer.compare(writeShareFile(readShareFile(bytes)), bytes) === 0, 'a share file is written in one way')
    }),
}

/** A share of a Go deployment, as a person imports it; the slow checks of its primes are left out. */
export const saveData: Target = {
  name: 'save-data',
  words: ['"Xi":', '"ShareID":', '"Ks":[', '"BigXj":[', '"PaillierSK":{', '"P":', '"NTildei":', '"Coords":['],
  seeds: () => [fixture('tss-lib/keygen_data_0.json'), fixture('tss-lib/keygen_data_3.json')].map(compact),
  read: (bytes) =>
    acceptsLater(
      async () => {
        const share = await readSaveData(parseIntegerJson(text(bytes)), 3)
        promise(share.parties[share.index] !== undefined, 'a share has its own party')
        promise(share.parties.length >= share.threshold, 'as many parties as sign')
      },
      (error) => isWordOfReader(error) || (error as { failure?: unknown }).failure !== undefined,
    ),
}

export const integerJson: Target = {
  name: 'integer-json',
  seeds: () => [new TextEncoder().encode('{"a":[1,-2,"x\\n",true,null,{"B":123456789012345678901234567890}]}')],
  read: (bytes) =>
    accepts(() => {
      parseIntegerJson(text(bytes))
      promise(isJson(text(bytes)), 'whatever is read is JSON')
    }, isWordOfReader),
}

function isJson(words: string): boolean {
  try {
    JSON.parse(words)
    return true
  } catch {
    return false
  }
}

/** The reader of integers throws what its callers turn into a refusal. */
function isWordOfReader(error: unknown): boolean {
  return (
    error instanceof Error && [SyntaxError, RangeError].some((kind) => error.constructor === kind) && !isOverflow(error)
  )
}

/** V8 says so with a RangeError, too. */
const isOverflow = ({ message }: Error): boolean =>
  /call stack|Invalid (array|string) length|BigInt too big/.test(message)

const compact = (bytes: Uint8Array): Uint8Array => new TextEncoder().encode(text(bytes).replace(/\s+/g, ''))

const passphrase = utf8('correct horse')
const secret = utf8('what the backup holds')

/** A backup: an age file under a passphrase. Those that ask for much work are left out here: it is bounded, but slow. */
export const ageFile: Target = {
  name: 'age-file',
  words: ['age-encryption.org/v1', '-> scrypt ', '-----BEGIN AGE ENCRYPTED FILE-----', '---', '-> X25519 '],
  async seeds() {
    const armored = await encryptWithPassphrase(secret, passphrase, 1)
    const base64 = text(armored).replace(/-----[A-Z ]+-----|\s/g, '')
    return [armored, new Uint8Array(Buffer.from(base64, 'base64'))]
  },
  read(bytes) {
    const isSlow = !/scrypt \S+ [1-9]\n/.test(Buffer.from(bytes).toString('latin1')) && bytes[0] === 0x61
    if (isSlow) return false
    return acceptsLater(async () => {
      const plain = await decryptWithPassphrase(bytes, passphrase)
      promise(Buffer.compare(plain, secret) === 0, 'nothing but what was encrypted comes out')
    })
  },
}
