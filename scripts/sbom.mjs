// npm run sbom: release/sbom.cdx.json, a CycloneDX bill of everything that goes into the app, from the lock file: npm's
// production dependencies and Electron, which is one although npm counts it among the tools.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const listed = spawnSync('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--omit', 'dev'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
  shell: process.platform === 'win32',
})
if (listed.status !== 0) {
  process.stderr.write(`quorate: npm could not list the dependencies:\n${listed.stderr}\n`)
  process.exit(1)
}
const sbom = JSON.parse(listed.stdout)
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
const { version, integrity } = packages['node_modules/electron']
sbom.components.push({
  'bom-ref': `electron@${version}`,
  type: 'framework',
  name: 'electron',
  version,
  purl: `pkg:npm/electron@${version}`,
  ...(integrity && {
    hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex') }],
  }),
})
// The same lock file gives the same document.
delete sbom.serialNumber
if (sbom.metadata) delete sbom.metadata.timestamp
sbom.components.sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1))
const file = join(root, 'release', 'sbom.cdx.json')
mkdirSync(join(root, 'release'), { recursive: true })
writeFileSync(file, JSON.stringify(sbom, undefined, 2) + '\n')
process.stdout.write(`release/sbom.cdx.json: ${sbom.components.length} components\n`)
