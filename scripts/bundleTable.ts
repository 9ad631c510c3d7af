// npm run bundle:table, after a build: writes what the app makes a browser load into the README, between its markers.
import { join } from 'node:path'
import { bundleSizes, type Size } from './bundleSizes.ts'
import { writeBetweenMarkers } from './markers.ts'
import { root } from './project.ts'

const { firstPaint, rest } = bundleSizes(join(root, 'dist'))
const row = (name: string, files: readonly Size[]) => {
  const sum = (size: 'bytes' | 'gzipped') =>
    `${(files.reduce((total, file) => total + file[size], 0) / 1000).toFixed(0)} kB`
  return `| ${name} | ${files.length} | ${sum('bytes')} | ${sum('gzipped')} |`
}
const later = (ending: string) => rest.filter(({ name }) => name.endsWith(ending))
writeBetweenMarkers('README.md', 'bundle', [
  '| loaded | files | size | gzipped |',
  '|---|---|---|---|',
  row('for the first page', firstPaint),
  row('later: scripts, each when it is needed', later('.js')),
  row('later: WebAssembly, one of them', later('.wasm')),
])
