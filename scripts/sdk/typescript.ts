import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { root } from '../project.ts'

const folder = join(root, 'sdk/typescript')
const entries = ['index', 'viem', 'ethers']
/** What the package names as dependencies. All else is the engine's, and goes into the bundle. */
const outside = /^(age-encryption|eventsource-parser|openapi-fetch|viem|ethers)(\/|$)/

/** Builds sdk/typescript/dist: modules for Node and browsers, and their declarations. */
export async function buildTypescriptSdk(): Promise<void> {
  const outDir = join(folder, 'dist')
  await build({
    configFile: false,
    root: folder,
    logLevel: 'warn',
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      minify: false,
      lib: { entry: entries.map((name) => join(folder, 'src', `${name}.ts`)), formats: ['es'] },
      rolldownOptions: {
        external: outside,
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })
  writeDeclarations(outDir)
}

/**
 * tsc writes those of every file it has met; only the package's own are anybody's business. Types are checked by
 * `npm run check`, with all the others.
 */
function writeDeclarations(outDir: string): void {
  const scratch = mkdtempSync(join(tmpdir(), 'quorate-types-'))
  try {
    const options = [
      '--noEmit',
      'false',
      '--declaration',
      '--emitDeclarationOnly',
      '--noCheck',
      '--incremental',
      'false',
      '--rootDir',
      root,
    ]
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    execFileSync(process.execPath, [compiler, '-p', join(folder, 'tsconfig.json'), ...options, '--outDir', scratch], {
      stdio: 'inherit',
    })
    const written = join(scratch, 'sdk/typescript/src')
    mkdirSync(outDir, { recursive: true })
    for (const name of readdirSync(written)) {
      const text = readFileSync(join(written, name), 'utf8').replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'")
      writeFileSync(join(outDir, name), text)
    }
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

/** A project of somebody else's that has the package, by `npm pack` and `npm install`. @returns its folder */
export function installPacked(into: string): string {
  const npm = (args: readonly string[], cwd: string) => execFileSync('npm', args, { cwd, encoding: 'utf8' })
  const packed = npm(['pack', '--silent', '--pack-destination', into], folder).trim()
  const project = join(into, 'project')
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'shop', private: true, type: 'module' }))
  const { version: ethers } = installed('ethers')
  const { version: viem } = installed('viem')
  npm(
    ['install', '--no-audit', '--no-fund', '--prefer-offline', join(into, packed), `ethers@${ethers}`, `viem@${viem}`],
    project,
  )
  cpSync(join(folder, 'example.mjs'), join(project, 'example.mjs'))
  return project
}

function installed(name: string): { readonly version: string } {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }
}
