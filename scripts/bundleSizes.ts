// What a browser loads of the built app: at once, and later.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

export interface Size {
  readonly name: string
  readonly bytes: number
  readonly gzipped: number
}

/** The page with what its tags name and what these import, and everything else in assets/. */
export function bundleSizes(dist: string): { readonly firstPaint: readonly Size[]; readonly rest: readonly Size[] } {
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const wanted = names(html, /\b(?:src|href)="\/assets\/([^"]+\.(?:js|css))"/g)
  const first = new Set<string>()
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (first.has(name)) continue
    first.add(name)
    // `import ... from "./x.js"` as the bundler writes it; `import("./x.js")` is for later.
    const imported = /(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g
    if (name.endsWith('.js')) wanted.push(...names(readFileSync(join(dist, 'assets', name), 'utf8'), imported))
  }
  const assets = readdirSync(join(dist, 'assets')).map((name) => sizeOf(join(dist, 'assets', name), name))
  return {
    firstPaint: [sizeOf(join(dist, 'index.html'), 'index.html'), ...assets.filter(({ name }) => first.has(name))],
    rest: assets.filter(({ name }) => !first.has(name)),
  }
}

function names(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), ([, name = '']) => name)
}

function sizeOf(file: string, name: string): Size {
  const bytes = readFileSync(file)
  return { name, bytes: bytes.length, gzipped: gzipSync(bytes).length }
}
