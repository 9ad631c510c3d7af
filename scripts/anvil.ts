import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readLock } from './lockFile.ts'
import { root, run } from './project.ts'

/** Where it goes when only what `npm start` needs is installed. */
const ownFolder = join(root, 'node_modules', '.quorate', 'anvil')
const systems: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'win32' }
const processors: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/** The package of the npm registry that has one of Foundry's programs for this platform. */
export function foundryPackage(tool: 'anvil' | 'cast'): string {
  const [system = process.platform, processor = process.arch] = [systems[process.platform], processors[process.arch]]
  return `@foundry-rs/${tool}-${system}-${processor}`
}

/**
 * The path of anvil, a local Ethereum node (getfoundry.sh), for this platform. Where it is not installed yet it comes from the
 * npm registry, about 40 MB, in the version and with the checksum of package-lock.json.
 * @throws Error where there is none for this platform, or it cannot be installed
 */
export async function anvilProgram(): Promise<string> {
  const name = foundryPackage('anvil')
  const entry = readLock().packages[`node_modules/${name}`]
  if (entry === undefined) throw new Error(`there is no local Ethereum node for ${process.platform} on ${process.arch}`)
  const program = join('node_modules', name, 'bin', process.platform === 'win32' ? 'anvil.exe' : 'anvil')
  const found = [root, ownFolder].map((folder) => join(folder, program)).find((path) => existsSync(path))
  if (found !== undefined) return found
  process.stderr.write('quorate: installing a local Ethereum node, about 40 MB; once ...\n')
  const { version = '', integrity } = entry
  const manifest = { name: 'quorate-anvil', version: '0.0.0', private: true, dependencies: { [name]: version } }
  const lock = {
    name: manifest.name,
    lockfileVersion: 3,
    packages: { '': manifest, [`node_modules/${name}`]: { version, integrity } },
  }
  await mkdir(ownFolder, { recursive: true })
  await writeFile(join(ownFolder, 'package.json'), JSON.stringify(manifest))
  await writeFile(join(ownFolder, 'package-lock.json'), JSON.stringify(lock))
  const status = run('npm', [
    'ci',
    '--prefix',
    ownFolder,
    '--ignore-scripts',
    '--no-fund',
    '--no-audit',
    '--loglevel=error',
  ])
  const path = join(ownFolder, program)
  if (status !== 0 || !existsSync(path)) throw new Error('the local Ethereum node could not be installed')
  return path
}
