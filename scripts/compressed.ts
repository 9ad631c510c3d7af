// Every text of the build beside itself as brotli and gzip, as small as they get: a server only has to choose. A plugin for
// Vite, the last one.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const worthIt = /\.(js|css|html|svg|wasm|json|webmanifest)$/
const leastBytes = 1024

export function compressed(): Plugin {
  let folder: string | undefined
  return {
    name: 'quorate-compressed',
    // Pages under test are neither minified nor sent anywhere; compressing them takes longer than building them.
    apply: ({ build }, { command }) => command === 'build' && build?.minify !== false,
    writeBundle({ dir }) {
      folder = dir
    },
    closeBundle() {
      if (folder === undefined) return
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!worthIt.test(name)) continue
        const path = join(folder, name)
        const bytes = readFileSync(path)
        if (bytes.length < leastBytes) continue
        const { BROTLI_PARAM_SIZE_HINT } = constants
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [BROTLI_PARAM_SIZE_HINT]: bytes.length } }))
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
      }
    },
  }
}
