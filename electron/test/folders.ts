import { mkdtemp, rm } from 'node:fs/promises'
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
