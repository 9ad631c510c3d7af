// npm run build:desktop: the main process as a module, the preload as one CommonJS file, because a sandboxed preload can
// load nothing else. Everything is bundled but Electron and the native module of the keychain, whose files are copied
// beside: so the package contains no node_modules, only what is listed here.
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build, type InlineConfig } from 'vite'
import { root } from './project.ts'

const outDir = join(root, 'dist-electron')
const native = join(outDir, 'native')
const common = { configFile: false, root, publicDir: false, logLevel: 'warn' } satisfies InlineConfig
const ssr = { noExternal: true, external: ['electron', '@napi-rs/keyring'] } satisfies InlineConfig['ssr']

await build({
  ...common,
  ssr,
  define: { QUORATE_UPDATE_FEED: JSON.stringify(process.env['QUORATE_UPDATE_FEED'] ?? '') },
  build: {
    ssr: 'electron/main.ts',
    outDir,
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rolldownOptions: { output: { paths: { '@napi-rs/keyring': './native/keyring.cjs' } } },
  },
})
await build({
  ...common,
  ssr,
  build: {
    ssr: 'electron/preload.ts',
    outDir,
    emptyOutDir: false,
    target: 'node24',
    minify: false,
    rolldownOptions: { output: { format: 'cjs', entryFileNames: 'preload.cjs' } },
  },
})

// The module's own loader looks for its binaries beside itself first. A universal build for macOS needs both of them
// installed: npm install --no-save --force @napi-rs/keyring-darwin-arm64 @napi-rs/keyring-darwin-x64
mkdirSync(native)
const packages = join(root, 'node_modules', '@napi-rs')
copyFileSync(join(packages, 'keyring', 'index.js'), join(native, 'keyring.cjs'))
for (const name of readdirSync(packages).filter((name) => name.startsWith('keyring-'))) {
  for (const file of readdirSync(join(packages, name)).filter((file) => file.endsWith('.node')))
    copyFileSync(join(packages, name, file), join(native, file))
}
for (const file of ['tray.png', 'tray@2x.png']) {
  const from = join(root, 'electron', 'resources', file)
  if (!existsSync(from)) throw new Error(`electron/resources/${file} is missing`)
  copyFileSync(from, join(outDir, file))
}
