// npm run bundle:table, after a build: writes what the app makes a browser load into the README, between its markers.
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { bundleSizes, type Size } from './bundleSizes.ts'

const [begin, end] = ['<!-- bundle:begin -->', '<!-- bundle:end -->']
const root = resolve(import.meta.dirname, '..')
const { firstPaint, rest } = bundleSizes(join(root, 'dist'))
const row = (name: string, files: readonly Size[]) => {
  const sum = (size: 'bytes' | 'gzipped') =>
    `${(files.reduce((total, file) => total + file[size], 0) / 1000).toFixed(0)} kB`
  return `| ${name} | ${files.length} | ${sum('bytes')} | ${sum('gzipped')} |`
}
const later = (ending: string) => rest.filter(({ name }) => name.endsWith(ending))
const table = [
  '| loaded | files | size | gzipped |',
  '|---|---|---|---|',
  row('for the first page', firstPaint),
  row('later: scripts, each when it is needed', later('.js')),
  row('later: WebAssembly, one of them', later('.wasm')),
]
const path = join(root, 'README.md')
const readme = readFileSync(path, 'utf8')
const [from, to] = [readme.indexOf(begin), readme.indexOf(end)]
if (from < 0 || to < from) throw new Error('README.md has no markers for the table of sizes')
writeFileSync(path, [readme.slice(0, from) + begin, '', ...table, '', readme.slice(to)].join('\n'))
