import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

const root = resolve(import.meta.dirname, '../..')
const sources = [
  'package.json',
  'tsconfig.json',
  'vite.config.ts',
  'public',
  'web',
  'chain',
  'proto',
  'participant',
  'tss-wasm',
  'scripts',
]

test('the web app built from the same sources in another folder is the same, byte for byte', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quorate-reproduced-'))
  try {
    for (const source of sources) cpSync(join(root, source), join(folder, source), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
    const vite = join(folder, 'node_modules/vite/bin/vite.js')
    const built = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: folder, encoding: 'utf8' })
    assert.equal(built.status, 0, built.stderr)
    assert.deepEqual(filesOf(join(folder, 'dist')), filesOf(join(root, 'dist')))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/** Path and content of every file. A signature is put beside a build, and is no part of it. */
function filesOf(dist: string): Map<string, string> {
  const entries = readdirSync(dist, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name !== 'app-manifest.sig.json',
  )
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).sort()
  return new Map(paths.map((path) => [path.slice(dist.length), readFileSync(path).toString('base64')]))
}
