// npm run build:engine: what a Node program starts as threads, the protocol engine and the helpers of its arithmetic, as one
// file each. From its sources an engine loads two hundred files, which takes longer than its part of a signature.
// package.json's `imports` names both forms; a program that runs with --conditions=built takes these.
import { build } from 'vite'
import { root } from './project.ts'

const entries = { engine: 'tss-wasm/worker/entry.node.ts', pool: 'tss-wasm/integers/poolEntry.node.ts' }
for (const [name, path] of Object.entries(entries)) {
  await build({
    ...{ configFile: false, root, publicDir: false, logLevel: 'warn' },
    ssr: { noExternal: true },
    build: {
      ...{ ssr: path, outDir: 'tss-wasm/build', emptyOutDir: false, target: 'node22', minify: false },
      rolldownOptions: { output: { entryFileNames: `${name}.js`, codeSplitting: false } },
    },
  })
}
