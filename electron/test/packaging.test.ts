import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { before, test } from 'node:test'
import { promisify } from 'node:util'
import type { Configuration } from 'electron-builder'
import { temporaryFolder } from './folders.ts'

const root = resolve(import.meta.dirname, '../..')
const load = createRequire(import.meta.url)
const run = promisify(execFile)
let config: Configuration

before(async () => {
  const path = 'app-builder-lib/out/util/config/config.js'
  const reader = load(path) as {
    getConfig(project: string, file: string, more: object): Promise<Configuration>
    validateConfiguration(config: Configuration, logger: unknown): Promise<void>
  }
  const { DebugLogger } = load('builder-util') as { DebugLogger: new (enabled: boolean) => unknown }
  config = await reader.getConfig(root, 'electron-builder.yml', {})
  await reader.validateConfiguration(config, new DebugLogger(false)) // throws for a word electron-builder does not know
})

test('the binary runs as nothing but the app, and the app as nothing but its archive', () => {
  assert.equal(config.asar, true)
  assert.deepEqual(config.electronFuses, {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    enableCookieEncryption: true,
    grantFileProtocolExtraPrivileges: false,
  })
})

test('Linux, macOS and Windows are built as promised', () => {
  assert.deepEqual(config.linux?.target, ['AppImage', 'deb'])
  assert.deepEqual(config.mac?.target, [{ target: 'dmg', arch: 'universal' }])
  assert.deepEqual([config.mac.hardenedRuntime, config.mac.notarize], [true, true])
  assert.deepEqual(config.win?.target, ['nsis'])
  assert.equal(config.nsis?.deleteAppDataOnUninstall, false, 'uninstalling deletes no share')
  assert.equal(config.publish, null, 'building uploads nothing')
})

test('the app is opened by the links and files that it understands', async () => {
  const source = await readFile(resolve(root, 'electron/opened.ts'), 'utf8')
  const [protocol] = [config.protocols ?? []].flat()
  assert.deepEqual(protocol?.schemes, ['tssparty'])
  assert.match(source, /linkScheme = 'tssparty'/)
  const [association] = [config.fileAssociations ?? []].flat()
  assert.equal(association?.ext, 'age')
  assert.match(source, /backupEnding = '\.age'/)
})

test('the entitlements leave library validation on', async () => {
  const text = await readFile(resolve(root, config.mac?.entitlements ?? ''), 'utf8')
  const keys = [...text.matchAll(/<key>([^<]+)<\/key>/g)].map(([, key]) => key)
  assert.deepEqual(keys, ['com.apple.security.cs.allow-jit', 'com.apple.security.device.camera'])
})

test('the bundles need nothing but Electron, Node and the module of the keychain, which loads from beside them', async () => {
  await run(process.execPath, [resolve(root, 'scripts/buildDesktop.ts')], { cwd: root })
  const main = await readFile(resolve(root, 'dist-electron/main.js'), 'utf8')
  const imported = [...main.matchAll(/^import .* from "([^"]+)"/gm)].map(([, name]) => name ?? '')
  const others = imported.filter((name) => !name.startsWith('node:'))
  assert.deepEqual([...new Set(others)].sort(), ['./native/keyring.cjs', 'electron'])
  const preload = await readFile(resolve(root, 'dist-electron/preload.cjs'), 'utf8')
  assert.deepEqual(
    [...preload.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name),
    ['electron'],
  )
  const keyring = (await import(resolve(root, 'dist-electron/native/keyring.cjs'))) as Record<string, unknown>
  assert.equal(typeof keyring['AsyncEntry'], 'function')
  assert.deepEqual(config.files, [
    {
      filter: [
        'dist/**',
        'dist-electron/**',
        'package.json',
        '!node_modules/**',
        '!**/*.map',
        '!dist/**/*.{br,gz}',
        '!dist/sw.js',
      ],
    },
  ])
})

test('the package holds the two bundles and nothing else', { skip: process.platform !== 'linux' }, async () => {
  await using place = await temporaryFolder()
  // electron-builder's own work on the app, around a program that is none: its binary cannot be had everywhere.
  const electronDist = join(place.path, 'electron')
  await mkdir(join(electronDist, 'resources'), { recursive: true })
  for (const name of ['electron', 'LICENSE', 'LICENSES.chromium.html', 'version'])
    await writeFile(join(electronDist, name), '')
  await chmod(join(electronDist, 'electron'), 0o755)
  const { build, Platform, Arch } = await import('electron-builder')
  await build({
    projectDir: root,
    targets: Platform.LINUX.createTarget('dir', Arch.x64),
    publish: 'never',
    config: {
      ...config,
      electronFuses: null,
      electronDist,
      directories: { ...config.directories, output: join(place.path, 'out') },
    },
  })
  const resources = join(place.path, 'out', 'linux-unpacked', 'resources')
  const asar = load('@electron/asar') as { listPackage(archive: string, options: object): string[] }
  const files = asar.listPackage(join(resources, 'app.asar'), {})
  const outside = files.filter((file) => !file.startsWith('/dist'))
  assert.deepEqual(outside, ['/package.json'])
  const shell = files.filter((file) => /^\/dist-electron\/[^/]+$/.test(file)).sort()
  assert.deepEqual(
    shell.map((file) => file.slice('/dist-electron/'.length)),
    ['main.js', 'native', 'preload.cjs', 'tray.png', 'tray@2x.png'],
  )
  assert.ok(files.includes('/dist/index.html') && !files.some((file) => file.endsWith('.map')))
  const unpacked = join(resources, 'app.asar.unpacked', 'dist-electron', 'native')
  assert.ok((await readdir(unpacked)).every((file) => file.endsWith('.node')))
})

test('the bill of materials lists Electron and the keychain, and is the same each time', async () => {
  const sbom = async () => {
    await run(process.execPath, [resolve(root, 'scripts/sbom.ts')], { cwd: root })
    return readFile(resolve(root, 'release/sbom.cdx.json'), 'utf8')
  }
  const text = await sbom()
  assert.equal(await sbom(), text)
  const { bomFormat, components } = JSON.parse(text) as { bomFormat: string; components: { name: string }[] }
  assert.equal(bomFormat, 'CycloneDX')
  const names = components.map(({ name }) => name)
  for (const name of ['electron', '@napi-rs/keyring', 'react']) assert.ok(names.includes(name), name)
  for (const tool of ['oxlint', 'vite', 'assemblyscript']) assert.ok(!names.includes(tool), tool)
})
