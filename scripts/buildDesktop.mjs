// npm run build:desktop: the main process as a module, the preload as one CommonJS file, because a sandboxed preload can
// load nothing else.
import { join, resolve } from 'node:path'
import { build } from 'vite'

const root = resolve(import.meta.dirname, '..')
const outDir = join(root, 'dist-electron')
const common = { configFile: false, root, publicDir: false, logLevel: 'warn' }

await build({
  ...common,
  define: { QUORATE_UPDATE_FEED: JSON.stringify(process.env.QUORATE_UPDATE_FEED ?? '') },
  // Everything is bundled but Electron and the one native module, so that the package needs no other node_modules.
  ssr: { noExternal: true, external: ['electron', '@napi-rs/keyring'] },
  build: { ssr: 'electron/main.ts', outDir, emptyOutDir: true, target: 'node24', minify: false },
})
await build({
  ...common,
  ssr: { noExternal: true, external: ['electron'] },
  build: {
    ssr: 'electron/preload.ts',
    outDir,
    emptyOutDir: false,
    target: 'node24',
    minify: false,
    rollupOptions: { output: { format: 'cjs', entryFileNames: 'preload.cjs' } },
  },
})
