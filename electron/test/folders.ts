import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemRandom } from '../../tss-wasm/random.ts'
import type { DataKeyPorts } from '../dataKey.ts'
import type { Keychain } from '../keychain.ts'

/** A new folder that is removed with its scope. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'quorate-desktop-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** `closed` is a keychain that is locked, or none at all. */
export interface TestKeychain extends Keychain {
  readonly entries: Map<string, Uint8Array<ArrayBuffer>>
  closed: boolean
}

export function memoryKeychain(): TestKeychain {
  const entries = new Map<string, Uint8Array<ArrayBuffer>>()
  const open = () => {
    if (keychain.closed) throw new Error('locked')
    return entries
  }
  const keychain: TestKeychain = {
    entries,
    closed: false,
    read: async (account) => Promise.resolve(open().get(account)?.slice()),
    async write(account, secret) {
      await Promise.resolve(open().set(account, new Uint8Array(secret)))
    },
    async remove(account) {
      await Promise.resolve(open().delete(account))
    },
  }
  return keychain
}

export function noKeychain(): TestKeychain {
  return Object.assign(memoryKeychain(), { closed: true })
}

export function ports(keychain: Keychain, goOn = true): DataKeyPorts {
  return { keychain, random: systemRandom, goOnWithoutKeychain: () => Promise.resolve(goOn) }
}

/** Stands for a keychain where there is none to test with: as lasting, and as safe as the file. */
export function fileKeychain(file: string): Keychain {
  const load = async () => {
    const text = await readFile(file, 'utf8').catch(() => '{}')
    return JSON.parse(text) as Record<string, number[]>
  }
  const store = (entries: Record<string, number[]>) => writeFile(file, JSON.stringify(entries), { mode: 0o600 })
  return {
    async read(account) {
      const known = (await load())[account]
      return known && Uint8Array.from(known)
    },
    write: async (account, secret) => store({ ...(await load()), [account]: [...secret] }),
    async remove(account) {
      const others = Object.entries(await load()).filter(([name]) => name !== account)
      await store(Object.fromEntries(others))
    },
  }
}
