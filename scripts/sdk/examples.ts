import { spawn, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Writable } from 'node:stream'
import { hexToBytes } from '@noble/hashes/utils.js'
import { walletIdOf } from '../../tss-wasm/keyShare/keyShare.ts'
import { root } from '../project.ts'
import { fingerprintOf } from './generated.ts'
import { buildTypescriptSdk, installPacked } from './typescript.ts'
import type { IntegratorStack } from '../../testkit/integratorStack.ts'

export type Language = 'typescript' | 'go' | 'python'

/** What an example has printed. */
export interface ExampleReport {
  readonly address: string
  /** By a library that is not ours. */
  readonly verified: boolean
  /** Whether it signed at the same address with a new share, by the same library, once the first one was lost. */
  readonly recovered: boolean
  /** What it heard of its wallet's making and of the recovery. */
  readonly events: readonly string[]
}

/** How an example is run, once everything it needs is there. */
interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly folder: string
}

/** Makes ready what runs an example, in `scratch`. @throws Error when it cannot be made ready, the network away for one */
export async function prepareExample(language: Language, scratch: string): Promise<Program> {
  switch (language) {
    case 'typescript': {
      await buildTypescriptSdk()
      return { command: process.execPath, args: ['example.mjs'], folder: installPacked(scratch) }
    }
    case 'go': {
      const folder = join(root, 'sdk/go')
      const program = join(scratch, 'example')
      must(spawnSync('go', ['build', '-o', program, './example'], { cwd: folder, encoding: 'utf8' }))
      return { command: program, args: [], folder }
    }
    case 'python': {
      return { command: pythonWithSdk(), args: ['example.py'], folder: join(root, 'sdk/python') }
    }
  }
}

/**
 * A virtual environment that has the package and what its tests need, kept until the package needs others.
 * @param extras of pyproject.toml
 * @returns its interpreter
 */
export function pythonWithSdk(extras: readonly string[] = ['ethereum', 'test']): string {
  const wanted = [fingerprintOf(join(root, 'sdk/python/pyproject.toml')), ...extras].join('-')
  const folder = join(root, 'node_modules/.quorate/python', wanted)
  const python = join(folder, 'bin/python')
  const ready = join(folder, 'ready')
  if (existsSync(ready)) return python
  must(spawnSync('python3', ['-m', 'venv', folder], { encoding: 'utf8' }))
  const sdk = `${join(root, 'sdk/python')}[${extras.join(',')}]`
  // Python compiles what it imports, a small part of all that is installed.
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-compile', '--editable', sdk]
  must(spawnSync(python, install, { encoding: 'utf8' }))
  writeFileSync(ready, '')
  return python
}

/** Why an example of this language cannot be run on this machine; undefined when it can. */
export function missing(language: Language): string | undefined {
  const probe = { typescript: ['npm', '--version'], go: ['go', 'version'], python: ['python3', '--version'] }[language]
  const [command = '', ...args] = probe
  return spawnSync(command, args).status === 0 ? undefined : `${command} is not installed`
}

/** @throws Error with what the program said, when it failed */
export async function runExample({ command, args, folder }: Program, stack: IntegratorStack): Promise<ExampleReport> {
  const env = { ...process.env, QUORATE_URL: stack.url, QUORATE_API_KEY: stack.apiKey, QUORATE_PIN: stack.pin }
  const child = spawn(command, args, { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] })
  let [out, said] = ['', '']
  const lines = createInterface(child.stdout)
  let operating: Promise<void> | undefined
  lines.on('line', (line) => {
    out = line
    const { lost } = JSON.parse(line) as { readonly lost?: string }
    if (lost !== undefined) operating ??= invite(child.stdin, stack, lost)
  })
  child.stderr.setEncoding('utf8').on('data', (part: string) => (said += part))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  await operating
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code ?? 'a signal'}:\n${said}${out}`)
  return JSON.parse(out) as ExampleReport
}

/** The operator of a server party, for a program that says that its user's share is lost. */
async function invite(to: Writable, stack: IntegratorStack, publicKey: string): Promise<void> {
  to.on('error', () => undefined) // it has ended, and says why
  try {
    to.end(`${await stack.recover(walletIdOf(hexToBytes(publicKey)))}\n`)
  } finally {
    to.end()
  }
}

function must({ status, error, stderr, stdout }: ReturnType<typeof spawnSync>): void {
  if (status !== 0) throw error ?? new Error(`${String(stderr)}${String(stdout)}`)
}
