import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { document, packagesIn } from '../licenses.ts'
import { builtHashes, recordedHashes } from '../wasmHashes.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

interface Package {
  readonly version: string
  readonly integrity?: string
  readonly resolved?: string
  readonly inBundle?: boolean
  readonly link?: boolean
  readonly hasInstallScript?: boolean
}
interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
  readonly allowScripts: Readonly<Record<string, boolean>>
}

const manifest = JSON.parse(read('package.json')) as Manifest
const lock = JSON.parse(read('package-lock.json')) as { readonly packages: Readonly<Record<string, Package>> }
const locked = Object.entries(lock.packages).filter(([path]) => path !== '')
const groups = ['dependencies', 'optionalDependencies', 'devDependencies'] as const
const direct = Object.assign({}, ...groups.map((group) => manifest[group])) as Readonly<Record<string, string>>

describe('what we depend on', () => {
  it('has one exact version each, in package.json as in the lock file', () => {
    for (const [name, version] of Object.entries(direct)) {
      assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name)
      assert.equal(lock.packages[`node_modules/${name}`]?.version, version, name)
    }
    const own = lock.packages[''] as unknown as Manifest
    for (const group of groups) assert.deepEqual(own[group], manifest[group], group)
  })

  it('comes from the registry, byte for byte what the lock file says', () => {
    for (const [path, { integrity, resolved, inBundle, link }] of locked) {
      assert.ok(link !== true, `${path} is a folder`)
      assert.match(resolved ?? 'https://registry.npmjs.org/', /^https:\/\/registry\.npmjs\.org\//, path)
      // What a package brings in its own archive is covered by that archive's hash.
      if (inBundle !== true) assert.match(integrity ?? '', /^sha512-/, path)
    }
  })

  it('runs install scripts only where package.json names it, and no name is left over', () => {
    const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path)
    const names = scripted.map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
    assert.deepEqual(Object.keys(manifest.allowScripts).sort(), [...new Set(names)].sort())
  })

  it('is under licences that were read and allowed', () => {
    const refused = packagesIn(lock).filter(({ isAllowed }) => !isAllowed)
    assert.deepEqual(refused, [], 'read the licence; then scripts/licenses.ts')
  })

  it('is listed in docs/LICENSES.md', async () => {
    assert.equal(read('docs/LICENSES.md'), await document(lock), 'run: npm run licenses')
  })
})

describe('a licence that nobody has read', () => {
  const [known, copyleft, either, both] = [
    { version: '1.0.0', license: 'MIT' },
    { version: '1.0.0', license: 'GPL-3.0-only' },
    { version: '1.0.0', license: '(GPL-3.0-only OR MIT)' },
    { version: '1.0.0', license: '(GPL-3.0-only AND MIT)' },
  ]
  it('is refused, also as one half of an AND, and by those who say nothing', () => {
    const needs = { dependencies: { a: '', b: '', c: '', d: '', e: '' } }
    const packages = {
      '': { ...known, ...needs },
      'node_modules/a': known,
      'node_modules/b': copyleft,
      'node_modules/c': either,
    }
    const more = { 'node_modules/d': both, 'node_modules/e': { version: '1.0.0' } }
    const found = packagesIn({ packages: { ...packages, ...more } })
    assert.deepEqual(
      found.filter(({ isAllowed }) => !isAllowed).map(({ name }) => name),
      ['b', 'd', 'e'],
    )
  })
  it('of a tool may be one that what we ship may not have, also where what we ship needs the tool', () => {
    const lesser = { version: '1.0.0', license: 'LGPL-3.0-only' }
    const isAllowed = (own: object, more: object = {}) =>
      packagesIn({ packages: { '': own, 'node_modules/a': lesser, ...more } })[0]?.isAllowed
    assert.equal(isAllowed({ dependencies: { a: '' } }), false)
    assert.equal(isAllowed({ devDependencies: { a: '' } }), true)
    assert.equal(isAllowed({ optionalDependencies: { a: '' } }), true)
    const between = { 'node_modules/b': { ...known, dependencies: { a: '' } } }
    assert.equal(isAllowed({ optionalDependencies: { a: '' }, dependencies: { b: '' } }, between), false)
  })
})

it('both WebAssembly modules are what their source makes, here as everywhere', () => {
  assert.equal(
    builtHashes().join(''),
    recordedHashes(),
    'if the source was changed on purpose: npm run build:wasm:record',
  )
})
