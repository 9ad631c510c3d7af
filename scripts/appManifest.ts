// The service worker and the manifest of the whole build (web/serviceWorker/manifest.ts). A plugin for Vite, after everything
// that changes files.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import type { Plugin } from 'vite'
import { type AppManifest, contentsOf, manifestPath, serviceWorkerPath, sha256 } from '../web/serviceWorker/manifest.ts'
import manifestOfPackage from '../package.json' with { type: 'json' }
import { classicScript } from './classicScript.ts'

const entry = resolve(import.meta.dirname, '../web/serviceWorker/serviceWorker.ts')

export function appManifest(): Plugin {
  let folder: string | undefined
  return {
    name: 'quorate-app-manifest',
    apply: 'build',
    writeBundle({ dir }) {
      folder = dir
    },
    async closeBundle() {
      if (folder === undefined) return
      const files = await hashesOf(folder)
      const contents = await contentsOf(files)
      const worker = await classicScript({
        entry,
        target: 'es2022',
        name: 'quorateServiceWorker',
        define: { __CONTENTS__: JSON.stringify(contents) },
      })
      writeFileSync(join(folder, serviceWorkerPath), worker)
      const { version } = manifestOfPackage
      const manifest = { version, contents, files: await hashesOf(folder) } satisfies AppManifest
      writeFileSync(join(folder, manifestPath), `${JSON.stringify(manifest, undefined, 2)}\n`)
    },
  }
}

/** By the path of each file as it is asked for. */
async function hashesOf(folder: string): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {}
  for (const entry_ of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry_.isFile()) continue
    const file = join(entry_.parentPath, entry_.name)
    hashes[file.slice(resolve(folder).length).replaceAll(sep, '/')] = await sha256(new Uint8Array(readFileSync(file)))
  }
  return Object.fromEntries(Object.entries(hashes).sort(([a], [b]) => (a < b ? -1 : 1)))
}
