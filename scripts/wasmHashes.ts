// npm run build:wasm:record: writes tss-wasm/assembly/build.sha256, what the two modules must be when they are built from
// the source beside it. Run it after a change of that source; a test builds both and compares.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './project.ts'

const modules = ['fma', 'portable'] as const

/** Builds both modules elsewhere, as package.json's scripts do. @returns the lines of build.sha256 */
export function builtHashes(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const folder = mkdtempSync(join(tmpdir(), 'quorate-wasm-'))
  try {
    return modules.map((name) => {
      const file = join(folder, `${name}.wasm`)
      const [, ...args] = (scripts[`build:wasm:${name}`] ?? '').split(' ')
      const elsewhere = args.map((arg) => (arg === `tss-wasm/build/${name}.wasm` ? file : arg))
      const compiler = join(root, 'node_modules', 'assemblyscript', 'bin', 'asc.js')
      const { status, stderr } = spawnSync(process.execPath, [compiler, ...elsewhere], { cwd: root, encoding: 'utf8' })
      if (status !== 0) throw new Error(`${name}.wasm cannot be built: ${stderr}`)
      return `${createHash('sha256').update(readFileSync(file)).digest('hex')}  ${name}.wasm\n`
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What the repository says. */
export function recordedHashes(): string {
  return readFileSync(recorded, 'utf8')
}

const recorded = join(root, 'tss-wasm', 'assembly', 'build.sha256')

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(recorded, builtHashes().join(''))
