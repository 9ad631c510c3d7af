import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { writeDurably } from '../../files/dataFolder.ts'
import type { Failure } from '../../tss-wasm/failure.ts'

/** Whoever cheats in every session fills no disk. */
const mostFiles = 200

/**
 * Keeps what shows anybody who cheated (SPEC 7), in `evidence` below the party's folder, for `npm run evidence`.
 * @returns the file's name, undefined where the failure has no evidence or there is enough of it
 */
export async function keepEvidence(folder: string, failure: Failure): Promise<string | undefined> {
  if (failure.kind !== 'misbehaviour' || failure.evidence === undefined) return undefined
  const into = join(folder, 'evidence')
  await mkdir(into, { recursive: true, mode: 0o700 })
  if ((await readdir(into)).length >= mostFiles) return undefined
  const name = `${bytesToHex(sha256(failure.evidence)).slice(0, 16)}.json`
  await writeDurably(join(into, name), failure.evidence)
  return name
}
