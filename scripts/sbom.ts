// npm run sbom: release/sbom.cdx.json, a CycloneDX bill of everything that goes into the app, from the lock file: what is
// shipped, and Electron, which npm counts among the tools.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readLock, shippedIn } from './lockFile.ts'
import { root, stop } from './project.ts'

/** What is read and changed of a CycloneDX document. */
interface Bill {
  serialNumber?: string
  metadata?: { timestamp?: string }
  components: { 'bom-ref': string; [field: string]: unknown }[]
  dependencies: { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

const listed = spawnSync('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--omit', 'dev'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
  shell: process.platform === 'win32',
})
if (listed.status !== 0) {
  stop(`npm could not list the dependencies:\n${listed.stderr}`)
}
const sbom = JSON.parse(listed.stdout) as Bill
const lock = readLock()
const shipped = new Set(
  [...shippedIn(lock)].map(
    (path) => `${path.slice(path.lastIndexOf('node_modules/') + 13)}@${lock.packages[path]?.version}`,
  ),
)
const isOurs = (ref: string) => shipped.has(ref) || ref.startsWith('quorate@')
sbom.components = sbom.components.filter((component) => isOurs(component['bom-ref']))
sbom.dependencies = sbom.dependencies
  .filter(({ ref }) => isOurs(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isOurs) }))
const { version = '', integrity = '' } =
  lock.packages['node_modules/electron'] ?? stop('package-lock.json has no electron')
sbom.components.push({
  'bom-ref': `electron@${version}`,
  type: 'framework',
  name: 'electron',
  version,
  purl: `pkg:npm/electron@${version}`,
  hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex') }],
})
// The same lock file gives the same document.
delete sbom.serialNumber
if (sbom.metadata !== undefined) delete sbom.metadata.timestamp
sbom.components.sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1))
const file = join(root, 'release', 'sbom.cdx.json')
mkdirSync(join(root, 'release'), { recursive: true })
writeFileSync(file, JSON.stringify(sbom, undefined, 2) + '\n')
process.stdout.write(`release/sbom.cdx.json: ${sbom.components.length} components\n`)
