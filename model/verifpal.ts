import { execFile, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The verifier these models were written for: verdicts of another version may differ. */
export const wantedVersion = '1.6.7'
export const howToInstall = `cargo install verifpal --version ${wantedVersion} --ignore-rust-version`

export interface Model {
  readonly name: string
  readonly path: string
  /** Of each query in order, a letter for its kind and 0 (holds) or 1 (an attack is found), as `verifpal --result-code` has it. */
  readonly expected: string
  /** How many runs of everybody there are at once. */
  readonly sessions: number
  /** What each query asks, by the comment above it. */
  readonly queries: readonly string[]
}

/** All models of this folder; what is expected of each stands in it. @throws Error for one that says nothing */
export function readModels(): readonly Model[] {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.vp'))
  return files.toSorted().map((file) => {
    const path = join(import.meta.dirname, file)
    const text = readFileSync(path, 'utf8')
    const [, expected, sessions] = /^\/\/ expected: ((?:[acefu][01])+) at (\d+) sessions?$/m.exec(text) ?? []
    const queries = [...text.matchAll(/^\t\/\/ \d+\. (.+)$/gm)].map(([, question = '']) => question)
    if (expected === undefined || queries.length !== expected.length / 2) {
      throw new Error(`${file} must say what is expected of each query`)
    }
    return { name: file.replace('.vp', ''), path, expected, sessions: Number(sessions), queries }
  })
}

/** The program, or why there is none. */
export function findVerifpal(): { readonly program: string } | { readonly missing: string } {
  for (const program of ['verifpal', join(homedir(), '.cargo', 'bin', 'verifpal')]) {
    const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
    if (status !== 0) continue
    if (stdout.trim() === `verifpal ${wantedVersion}`) return { program }
    return { missing: `${stdout.trim()} is installed, and not ${wantedVersion}: ${howToInstall}` }
  }
  return { missing: `verifpal is not installed: ${howToInstall}` }
}

const withinMs = 300_000

/** What the verifier finds, in the form of `expected`. @throws Error when it does not read the model, or takes minutes */
export function verdicts(program: string, path: string, sessions: number): Promise<string> {
  const options = ['verify', path, '--result-code', '--quiet', '--sessions', String(sessions)]
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  execFile(program, options, { timeout: withinMs }, (error, stdout, stderr) => {
    const last = stdout.trim().split('\n').at(-1) ?? ''
    if (error === null && /^([acefu][01])+$/.test(last)) resolve(last)
    else reject(new Error(`verifpal ${path}: ${stderr || (error?.message ?? 'no verdict')}`))
  })
  return promise
}
