// What is built from the sources before anything runs. Each step is skipped while its inputs are what they were.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { root, run, stop } from './project.ts'

export function buildWasm(): void {
  step(
    'building the arithmetic (AssemblyScript to WebAssembly)',
    ['package.json', 'tss-wasm/assembly'],
    ['tss-wasm/build/fma.wasm', 'tss-wasm/build/portable.wasm'],
    'build:wasm',
  )
}

/** What Node programs start as threads. A program takes it with --conditions=built, as scripts/setup.mjs --built starts it. */
export function buildEngine(): void {
  buildWasm()
  step(
    'bundling the engine',
    ['package-lock.json', 'scripts/buildEngine.ts', 'proto/gen', 'tss-wasm'],
    ['tss-wasm/build/engine.js', 'tss-wasm/build/pool.js'],
    'build:engine',
  )
}

export function buildWeb(): void {
  buildWasm()
  step(
    'building the web app',
    ['package-lock.json', 'vite.config.ts', 'public', 'web', 'chain', 'participant', 'proto', 'tss-wasm'],
    ['dist/index.html'],
    'build:web',
    '--logLevel',
    'warn',
  )
}

/** Runs an npm script unless its outputs exist and its inputs are what they were the last time. */
function step(
  title: string,
  inputs: readonly string[],
  outputs: readonly string[],
  script: string,
  ...options: readonly string[]
): void {
  const stampFile = join(root, 'node_modules', '.quorate', `${script.replace(/\W+/g, '-')}.stamp`)
  const stamp = fingerprint(inputs)
  const isCurrent = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp
  if (isCurrent && outputs.every((output) => existsSync(resolve(root, output)))) return
  process.stderr.write(`quorate: ${title} ...\n`)
  const status = run('npm', ['run', '--silent', script, '--', ...options])
  if (status !== 0) stop(`"npm run ${script}" failed (exit code ${status}); its output is above.`)
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, stamp)
}

function fingerprint(paths: readonly string[]): string {
  const hash = createHash('sha256')
  const visit = (path: string): void => {
    const full = join(root, path)
    if (!existsSync(full)) return
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) {
        if (!['test', 'build', 'node_modules'].includes(name)) visit(join(path, name))
      }
    } else hash.update(path).update('\0').update(readFileSync(full)).update('\0')
  }
  paths.forEach(visit)
  return hash.digest('hex')
}
