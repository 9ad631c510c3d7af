// Subresource Integrity: every script and style that the page names carries the hash of its bytes, and an import map has those
// of every script that is loaded later. A file that was changed on the way, or on the server without the page, does not run;
// nor, where browsers know Integrity-Policy (files/appHeaders.ts), does one that is in neither. A plugin for Vite.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const tag = /<(?:script|link)\b[^>]*>/g
const source = /\b(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/

function integrityOf(bytes: Uint8Array): string {
  return `sha384-${createHash('sha384').update(bytes).digest('base64')}`
}

/** @param read a file of the build by its path in it */
function withIntegrity(html: string, read: (file: string) => Uint8Array): string {
  return html.replace(tag, (found: string) => {
    const file = source.exec(found)?.[1]
    return file === undefined ? found : found.replace(/\s*\/?>$/, ` integrity="${integrityOf(read(file))}">`)
  })
}

/** Before the first module: some browsers take no import map after it. */
function withImportMap(html: string, integrity: Readonly<Record<string, string>>): string {
  const at = html.search(/<script type="module"|<link rel="modulepreload"/)
  if (at === -1) throw new Error('the page names no module')
  const map = `<script type="importmap">${JSON.stringify({ integrity })}</script>\n    `
  return html.slice(0, at) + map + html.slice(at)
}

export function integrity(): Plugin {
  return {
    name: 'quorate-integrity',
    apply: 'build',
    writeBundle({ dir }) {
      if (dir === undefined) throw new Error('the build has a folder')
      const page = join(dir, 'index.html')
      const read = (file: string) => readFileSync(join(dir, file))
      const scripts = readdirSync(join(dir, 'assets'))
        .filter((name) => name.endsWith('.js'))
        .sort()
        .map((name) => [`/assets/${name}`, integrityOf(read(`assets/${name}`))] as const)
      const html = readFileSync(page, 'utf8')
      writeFileSync(page, withImportMap(withIntegrity(html, read), Object.fromEntries(scripts)))
    },
  }
}
