// Subresource Integrity: every script and style that the page names carries the hash of its bytes, so that a file which was
// changed on the way, or on the server without the page, does not run. A plugin for Vite.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
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

export function integrity(): Plugin {
  return {
    name: 'quorate-integrity',
    apply: 'build',
    writeBundle({ dir }) {
      if (dir === undefined) throw new Error('the build has a folder')
      const page = join(dir, 'index.html')
      const html = readFileSync(page, 'utf8')
      writeFileSync(
        page,
        withIntegrity(html, (file) => readFileSync(join(dir, file))),
      )
    },
  }
}
