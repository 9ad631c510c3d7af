import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { z } from 'zod'
import { isLockFile, readIfThere, writeDurably } from '../files/dataFolder.ts'
import { sameBytes } from '../tss-wasm/bytes.ts'
import { refused } from '../tss-wasm/failure.ts'
import type { RandomSource } from '../tss-wasm/random.ts'
import type { Keychain } from './keychain.ts'

/** keychain: the data key lies with the operating system. file: beside the data, so the passphrase alone protects shares. */
export type Protection = 'keychain' | 'file'

/** The 32 bytes everything in a folder is sealed under, asked for anew each time: nobody keeps them. */
export interface DataKey {
  readonly protection: Protection
  /** The caller overwrites the result. @throws ProtocolAbort `refused`, reason `keychain: …` */
  read(): Promise<Uint8Array<ArrayBuffer>>
}

export interface DataKeyPorts {
  readonly keychain: Keychain
  readonly random: RandomSource
  /** Asked once, when there is no keychain at the first start: whether to go on with the passphrase alone. */
  goOnWithoutKeychain(): Promise<boolean>
}

const stateSchema = z.strictObject({
  version: z.literal(1),
  keeper: z.enum(['keychain', 'file']),
  account: z.string().regex(/^data-key-[0-9a-f]{16}$/),
  check: z.string().regex(/^[0-9a-f]{32}$/),
})
type State = z.infer<typeof stateSchema>

/**
 * The data key of a folder; made at the first start, in the keychain if there is one. Where it is kept is decided once
 * and written down: a keychain that is closed today must never lead to a second key beside data sealed under the first.
 * @throws ProtocolAbort `refused`
 */
export async function openDataKey(folder: string, ports: DataKeyPorts): Promise<DataKey> {
  const known = await readIfThere(stateFile(folder))
  if (known === undefined) {
    const inside = await readdir(folder)
    const saysNothing = (name: string) => name.endsWith('.writing') || name === keyFileName || isLockFile(name)
    if (!inside.every(saysNothing)) throw refused('storage-damaged', 'protection.json is missing')
  }
  const state = known === undefined ? await makeKey(folder, ports) : decode(known)
  return {
    protection: state.keeper,
    async read() {
      const key = state.keeper === 'keychain' ? await fromKeychain(ports.keychain, state) : await fromFile(folder)
      if ((await checkOf(key)) !== state.check)
        throw refused(state.keeper === 'keychain' ? 'keychain' : 'storage', 'holds another key')
      return key
    },
  }
}

const keyFileName = 'data.key'
const stateFile = (folder: string) => join(folder, 'protection.json')
const keyFile = (folder: string) => join(folder, keyFileName)

/** Key first, then the note of where it is: a crash between leaves a key that nothing depends on. */
async function makeKey(folder: string, ports: DataKeyPorts): Promise<State> {
  const key = ports.random(32)
  try {
    const account = `data-key-${bytesToHex(ports.random(8))}`
    const keeper = (await intoKeychain(ports.keychain, account, key)) ? 'keychain' : 'file'
    if (keeper === 'file') {
      if (!(await ports.goOnWithoutKeychain())) throw refused('keychain', 'unavailable')
      await writeDurably(keyFile(folder), key)
    }
    const state: State = { version: 1, keeper, account, check: await checkOf(key) }
    await writeDurably(stateFile(folder), utf8ToBytes(JSON.stringify(state, undefined, 2) + '\n'))
    return state
  } finally {
    key.fill(0)
  }
}

/** Believed only once the keychain has given it back. */
async function intoKeychain(keychain: Keychain, account: string, key: Uint8Array): Promise<boolean> {
  try {
    await keychain.write(account, key)
    const stored = await keychain.read(account)
    const same = stored !== undefined && sameBytes(stored, key)
    stored?.fill(0)
    return same
  } catch {
    return false // locked, dismissed or not there: the person decides, whatever the library's words for it
  }
}

async function fromKeychain(keychain: Keychain, { account }: State): Promise<Uint8Array<ArrayBuffer>> {
  let key: Uint8Array<ArrayBuffer> | undefined
  try {
    key = await keychain.read(account)
  } catch {
    throw refused('keychain', 'locked or not running')
  }
  if (key === undefined) throw refused('keychain', 'has lost the key of this installation')
  return key
}

async function fromFile(folder: string): Promise<Uint8Array<ArrayBuffer>> {
  const key = await readIfThere(keyFile(folder))
  if (key === undefined) throw refused('storage-damaged', 'data.key is missing')
  return key
}

function decode(bytes: Uint8Array): State {
  try {
    if (bytes.length > 4096) throw new RangeError('too long')
    return stateSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    throw refused('storage-damaged', 'protection.json is damaged')
  }
}

/** Tells one key from another and says nothing about either. 16 bytes as hex. */
async function checkOf(key: Uint8Array<ArrayBuffer>): Promise<string> {
  return bytesToHex(await derive(key, 'check', 16))
}

/** HKDF-SHA-256: one key for each use, none of which leads to another. */
export async function derive(
  key: Uint8Array<ArrayBuffer>,
  use: string,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const material = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveBits'])
  const info = new Uint8Array(utf8ToBytes(`quorate/desktop/${use}/1`))
  return new Uint8Array(
    await crypto.subtle.deriveBits(
      { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info },
      material,
      8 * length,
    ),
  )
}
