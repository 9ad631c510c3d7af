import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'

const folderOf = (name: string): URL => new URL(`corpus/${name}/`, import.meta.url)
/** Longer ones are worth less than their place in the repository. */
const longestKept = 4096
const mostKept = 150

/** The inputs kept for a target, those that once broke it (`found-`) among them. */
export function readCorpus(name: string): Uint8Array[] {
  const folder = folderOf(name)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .map((file) => new Uint8Array(readFileSync(new URL(file, folder))))
}

/** Keeps what reached new code, the short ones; a finding is kept whatever its length. @returns the names of the files */
export function keep(name: string, inputs: readonly Uint8Array[], kind: 'fresh' | 'found' | 'real'): string[] {
  const folder = folderOf(name)
  mkdirSync(folder, { recursive: true })
  const free = kind === 'fresh' ? Math.max(0, mostKept - readdirSync(folder).length) : inputs.length
  const chosen = inputs.filter(({ length }) => kind !== 'fresh' || length <= longestKept).slice(0, free)
  return chosen.map((input) => {
    const file = `${kind}-${createHash('sha256').update(input).digest('hex').slice(0, 12)}`
    writeFileSync(new URL(file, folder), input)
    return `fuzz/corpus/${name}/${file}`
  })
}
